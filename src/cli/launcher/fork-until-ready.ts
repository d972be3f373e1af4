import { type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

/** A child process that sends one message when it is ready. */
export interface Child<Ready> {
  /** Resolves with the message; with `undefined` when the process exits before it. */
  readonly ready: Promise<Ready | undefined>;
  /** Resolves with the exit code; 128 + n when signal n killed the process. */
  readonly exit: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** Closes the channel, on which the child shuts down, and resolves when it has exited. */
  disconnect(): Promise<void>;
}

/** Forks `module` (a path or a `file:` URL) with the parent's stdio. */
export function forkUntilReady<Ready>(
  module: string | URL,
  { args = [], ...options }: ForkOptions & { readonly args?: readonly string[] },
): Child<Ready> {
  const child = fork(module, args, options);
  const exit = once(child, 'exit').then(
    ([code, signal]): number => code ?? 128 + constants.signals[signal as NodeJS.Signals],
  );
  const ready = once(child, 'message').then(([message]) => message as Ready);
  return {
    ready: Promise.race([ready, exit.then(() => undefined)]),
    exit,
    kill: (signal) => {
      child.kill(signal);
    },
    async disconnect() {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
