import { PassThrough } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { createLogger, type LoggerOptions } from '../../../src/observability/logging/logger.ts';

/** Opens a logger. `text()` or `lines()` reads its whole stdout, once. */
export function openLogger(options: Partial<LoggerOptions> = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY: options.stdout?.isTTY ?? false });
  const logger = createLogger({ level: 'debug', service: 'backend-express', ...options, stdout });

  async function text(): Promise<string> {
    const written = readAll(stdout);
    await logger.drain(1000);
    stdout.end();
    return written;
  }

  async function lines(): Promise<Record<string, unknown>[]> {
    const written = await text();
    return written
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  return { logger, text, lines };
}

/** Opens a logger on a terminal. `text()` removes the colours. */
export function openTerminal() {
  const { logger, text } = openLogger({ stdout: Object.assign(new PassThrough(), { isTTY: true }) });
  return { logger, raw: text, text: async () => stripVTControlCharacters(await text()) };
}

export type LogLine = Readonly<Record<string, unknown>>;

/** Returns a stream for a logger, and the lines that it has received so far. */
export function captureLines() {
  const lines: LogLine[] = [];
  const stdout = Object.assign(new PassThrough(), { isTTY: false });
  let rest = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => JSON.parse(part)));
  });
  return { stdout, lines };
}
