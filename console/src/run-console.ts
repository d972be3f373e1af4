import { OptionsError, readOptions } from './options.ts';
import { RecordingError } from './recording/recording-error.ts';
import { type Console, type ConsoleOptions, startConsole } from './server.ts';
import { DEFAULT_RULE } from './xray/sampling-rule.ts';
import { createXraySampling } from './xray/xray-sampling.ts';

/** The message to the parent process, if this process was forked. */
interface ConsoleReady {
  readonly type: 'ready';
  readonly url: string;
  /** The environment variables with which a program sends to this console. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Runs the console until a signal, or until the parent process that forked it ends. */
export async function runConsole(): Promise<void> {
  const forked = process.send !== undefined;
  // Ctrl-C signals the whole process group, but the parent may still send telemetry while it stops.
  if (forked) for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});

  const running = await start().catch(exitWith);
  const { url, variables } = running;
  if (forked) process.send?.({ type: 'ready', url, variables } satisfies ConsoleReady);
  else process.stdout.write(describe(running));

  const stop = async () => {
    await running.close();
    process.exit(running.recording().saved?.lost ? 1 : 0);
  };
  for (const signal of forked ? ['SIGTERM'] : ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
  process.on('disconnect', stop);
  if (forked && !process.connected) await stop();
}

async function start(): Promise<Console> {
  const options = readOptions();
  // Samples every request, because local traces cost nothing.
  const sampling = createXraySampling([{ ...DEFAULT_RULE, RuleName: 'Console', Priority: 1, FixedRate: 1 }]);
  return startConsole({ ...options, sampling }).catch((error) => {
    throw explain(error, options);
  });
}

function explain(error: NodeJS.ErrnoException & { port?: number }, { xrayPort }: ConsoleOptions): Error {
  const name = error.port === xrayPort ? 'CONSOLE_XRAY_PORT' : 'CONSOLE_PORT';
  if (error.code === 'EADDRINUSE') return new Error(`port ${error.port} is taken: set ${name} to another`);
  if (error.code === 'EACCES')
    return new Error(`port ${error.port} needs more rights: set ${name} to one above 1023`);
  if (error.code === 'ENOTFOUND' || error.code === 'EADDRNOTAVAIL')
    return new Error(`cannot listen at CONSOLE_HOST: ${error.code}`);
  return error;
}

function exitWith(error: Error): never {
  const isKnown = error instanceof OptionsError || error instanceof RecordingError;
  process.stderr.write(`console: ${isKnown ? '' : 'cannot start: '}${error.message}\n`);
  process.exit(isKnown ? 78 : 1);
}

function describe({ url, variables }: Console): string {
  const lines = Object.entries(variables).map(([name, value]) => `  ${name}=${value}`);
  return `\n  console   ${url}\n\n  To send here, start a program with\n\n${lines.join('\n')}\n\n`;
}
