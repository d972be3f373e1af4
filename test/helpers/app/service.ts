import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import { NODE_ARGUMENTS } from '../../../src/cli/launcher/node-arguments.ts';
import type { SinkName, SinkReport } from '../../../src/observability/delivery/sink-counters.ts';
import { LIMITS_OFF } from '../limits-off.ts';
import { type Answer, type AskOptions, ask } from '../network/http-client.ts';
import { type Ended, type NodeProcess, useNodeProcesses } from '../process/node-process.ts';

/** The folder of the repository. */
export const ROOT = join(import.meta.dirname, '../../..');

/** The module that `--import` preloads. */
export const TELEMETRY = pathToFileURL(join(ROOT, 'src/telemetry.ts')).href;
const MAIN = join(ROOT, 'src/main.ts');

type Environment = Readonly<Record<string, string>>;

/** One JSON line of the log. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly trace_id?: string;
  readonly [field: string]: unknown;
}

interface ServiceOptions {
  /** Paths of modules that are loaded before anything of the service. */
  readonly preloadFirst?: readonly string[];
  /** Paths of modules that are loaded after telemetry and before the service. */
  readonly preload?: readonly string[];
  /** A program and its arguments, which runs the service. */
  readonly within?: readonly string[];
  /** The content of `.env` in the working directory. Default: no file. */
  readonly dotEnv?: string;
}

/** The service in a process of its own, started as `npm run api` starts it. */
export interface Service extends NodeProcess {
  readonly url: string;
  ask(path: string, options?: AskOptions): Promise<Answer>;
  telemetry(): Promise<Record<SinkName, SinkReport>>;
  lines(): LogLine[];
  /** Sends the signal and resolves when the process has ended, `afterMs` later. */
  stop(signal?: NodeJS.Signals): Promise<Ended & { readonly afterMs: number }>;
}

export interface Services {
  /** Resolves when the service has started. Rejects with its output when it ends instead. */
  start(environment: Environment, options?: ServiceOptions): Promise<Service>;
  /** Starts a service that is not expected to listen. */
  launch(environment: Environment, options?: ServiceOptions): NodeProcess;
}

/** Starts services for the file, or the `describe` around it, and kills those still running at its end. */
export function useServices(): Services {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const startNode = useNodeProcesses();

  function launch(environment: Environment, options: ServiceOptions = {}): NodeProcess {
    const { preloadFirst = [], preload = [], within, dotEnv } = options;
    const cwd = mkdtempSync(join(tmpdir(), 'cruddur-service-'));
    folders.push(cwd);
    if (dotEnv !== undefined) writeFileSync(join(cwd, '.env'), dotEnv);
    const imports = (paths: readonly string[]) => paths.map((path) => `--import=${pathToFileURL(path).href}`);
    return startNode([...imports(preloadFirst), ...NODE_ARGUMENTS, ...imports(preload), MAIN], {
      cwd,
      environment: { PORT: '0', ...LIMITS_OFF, ...environment },
      ...(within && { within }),
    });
  }

  return {
    launch,
    async start(environment, options) {
      const started = launch(environment, options);
      const [, url = ''] = await started.printed(/"listening at (http:[^"]+)"/);
      await started.printed(/"message":"started"/);
      return {
        ...started,
        url,
        ask: (path, request) => ask(`${url}${path}`, request),
        telemetry: async () => JSON.parse((await ask(`${url}/telemetry`)).body),
        lines: () => parseLines(started.stdout()),
        async stop(signal = 'SIGTERM') {
          const start = performance.now();
          started.child.kill(signal);
          return { ...(await started.ended), afterMs: performance.now() - start };
        },
      };
    },
  };
}

/** Parses the complete lines of a log. Throws when one is not JSON. */
export function parseLines(stdout: string): LogLine[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}
