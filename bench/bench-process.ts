import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const canPin = spawnSync('taskset', ['--version']).status === 0;

/** Ends the child processes of an interrupted benchmark, which would distort the next one. */
const EXIT_WITH_PARENT = new URL('../src/cli/launcher/exit-with-parent.ts', import.meta.url).href;

export interface ProcessOptions {
  /** The core that the process is pinned to, if `taskset` exists; default: any core. */
  readonly core?: number;
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A child process of the benchmark. `ready` resolves with its first message. */
export class BenchProcess<Ready> {
  readonly ready: Promise<Ready>;
  private readonly child: ChildProcess;
  private readonly ended: Promise<never>;

  constructor(module: URL, { core, execArgv = [], env = {} }: ProcessOptions) {
    const pinned = canPin && core !== undefined;
    const args = ['--import', EXIT_WITH_PARENT, ...execArgv];
    this.child = fork(fileURLToPath(module), {
      execPath: pinned ? 'taskset' : process.execPath,
      execArgv: pinned ? ['-c', String(core), process.execPath, ...args] : args,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ended = once(this.child, 'exit').then(([code]) => {
      throw new Error(`${module.pathname} ended with code ${code}`);
    });
    this.ended.catch(() => {});
    this.ready = this.next();
  }

  /** Sends a message and resolves with the next message from the process. */
  async ask<Answer>(message: object): Promise<Answer> {
    const answer = this.next<Answer>();
    this.child.send(message);
    return answer;
  }

  /** Whether the process has not ended. */
  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Ends the process with SIGTERM and waits for its exit. */
  async end(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }

  /** Ends the process with the message `stop` and waits for its exit. */
  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.send({ command: 'stop' });
    await exit;
  }

  private async next<Answer>(): Promise<Answer> {
    const [answer] = await Promise.race([once(this.child, 'message'), this.ended]);
    return answer as Answer;
  }
}
