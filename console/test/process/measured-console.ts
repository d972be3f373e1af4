import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll } from 'vitest';
import { useConsoleProcesses } from '../helpers/console-process.ts';

interface MeasuredConsole {
  /** Valid once the tests run, as all members. */
  url(): string;
  /** The resident memory of the process, in MB. */
  rssMb(): number;
  /** Sends a request over connections that stay open. */
  ask(
    method: string,
    path: string,
    body?: string | Buffer,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string }>;
}

/** Runs a console with a limit of memory, and with at most `connections` from `ask`. */
export function useMeasuredConsole(memoryMb: number, connections: number): MeasuredConsole {
  const { launch } = useConsoleProcesses();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  afterAll(() => agent.destroy());
  let url = '';
  let pid = 0;
  beforeAll(async () => {
    const console = launch([], { environment: { CONSOLE_MEMORY_MB: String(memoryMb) } });
    url = await console.url();
    pid = console.child.pid ?? 0;
  });

  return {
    url: () => url,
    rssMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    ask(method, path, body = '', headers = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
      const outgoing = request(url + path, { method, headers, agent }, async (response) => {
        resolve({ status: response.statusCode ?? 0, text: (await response.toArray()).join('') });
      });
      outgoing.on('error', reject).end(body);
      return promise;
    },
  };
}
