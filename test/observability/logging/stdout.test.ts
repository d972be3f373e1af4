import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/observability/logging/logger.ts';
import { until } from '../../helpers/until.ts';

/** Survives a failed write, as Node's own stdout does. */
class Revivable extends Writable {
  declare _undestroy: () => void;

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    callback(error);
    this._undestroy();
  }
}

/** A stdout whose writes the test completes or fails one by one. */
function openValve() {
  const taken: string[] = [];
  let settle: ((error?: Error) => void) | undefined;
  const stdout = new Revivable({
    decodeStrings: false,
    write(chunk, _encoding, callback) {
      settle = (error) => {
        settle = undefined;
        if (!error) taken.push(chunk);
        callback(error);
      };
    },
  });
  const logger = createLogger({ level: 'info', service: 's', stdout });

  async function pass(error?: Error): Promise<void> {
    await until(() => settle !== undefined);
    settle?.(error);
  }

  return {
    logger,
    stdout,
    pass,
    taken,
    isWriting: () => settle !== undefined,
    lines: () =>
      taken
        .join('')
        .split('\n')
        .slice(0, -1)
        .map((line): Record<string, unknown> => JSON.parse(line)),
  };
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('stdout', () => {
  it('receives the lines of one turn of the event loop in one write, in order', async () => {
    const { logger, pass, taken, lines } = openValve();
    logger.info('a');
    logger.info('b');
    await Promise.resolve();
    logger.info('c');
    await pass();
    expect(taken).toHaveLength(1);
    expect(lines().map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });

  it('that is slow delays nothing, uses bounded memory, and reports how many lines were lost', async () => {
    const { logger, stdout, pass, lines, isWriting } = openValve();
    const long = 'x'.repeat(2_000);
    for (let i = 0; i < 15_000; i += 1) {
      logger.info(long);
      if (i % 500 === 0) await nextTurn();
    }
    expect(stdout.writableLength).toBeLessThan(10_000_000);
    await nextTurn();
    while (isWriting()) {
      await pass();
      await nextTurn();
    }
    logger.info('after');
    await pass();
    const written = lines().map(({ message }) => String(message));
    expect(written.at(-1)).toBe('after');
    const losses = written.filter((message) => message.endsWith('stdout did not accept them'));
    const lost = losses.reduce((sum, message) => sum + Number.parseInt(message, 10), 0);
    expect(lost).toBeGreaterThan(100);
    expect(written.filter((message) => message === long)).toHaveLength(15_000 - lost);
  });

  it('that fails for a while, as on a full disk, reports how many lines were lost', async () => {
    const { logger, pass, lines } = openValve();
    logger.info('lost');
    logger.info('lost');
    await pass(failure('ENOSPC'));
    await nextTurn();
    logger.info('lost');
    await pass(failure('ENOSPC'));
    await nextTurn();
    logger.info('after');
    await pass();
    expect(lines().map(({ message }) => message)).toEqual([
      '3 log line(s) lost: stdout did not accept them',
      'after',
    ]);
  });

  it('whose reader has gone receives nothing more', async () => {
    const { logger, pass, isWriting, lines } = openValve();
    logger.info('a');
    await pass(failure('EPIPE'));
    await nextTurn();
    logger.info('b');
    await nextTurn();
    expect(isWriting()).toBe(false);
    await logger.drain(10_000);
    logger.info('c');
    expect(lines()).toEqual([]);
  });

  it('has accepted all lines when the drain ends', async () => {
    const { logger, pass, lines } = openValve();
    logger.info('a');
    await nextTurn();
    logger.info('b');
    const drained = logger.drain(10_000);
    await pass();
    await pass();
    await drained;
    expect(lines()).toHaveLength(2);
  });

  it('that accepts nothing does not delay the drain beyond its budget', async () => {
    const { logger, lines } = openValve();
    logger.info('a');
    await logger.drain(20);
    expect(lines()).toHaveLength(0);
  });

  it('receives lines immediately after the drain', async () => {
    const { logger, isWriting } = openValve();
    await logger.drain(10_000);
    logger.info('a');
    expect(isWriting()).toBe(true);
  });
});

describe('the lines of a process', () => {
  /** Runs stdout-program.ts with its stdout redirected by the shell. */
  function run(scenario: string, redirection = '| cat') {
    const PROGRAM = `${import.meta.dirname}/stdout-program.ts`;
    return spawn('bash', ['-c', `set -o pipefail; "$NODE" "$PROGRAM" ${scenario} ${redirection}`], {
      env: { ...process.env, NODE: process.execPath, PROGRAM },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function outcome(child: ReturnType<typeof run>) {
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await exit, stdout, stderr, lines: stdout.split('\n').length - 1 };
  }

  it('are complete when it exits at once', async () => {
    const { code, lines } = await outcome(run('exit'));
    expect({ code, lines }).toEqual({ code: 3, lines: 100 });
  });

  it('are complete when it crashes', async () => {
    const { code, lines } = await outcome(run('crash'));
    expect({ code, lines }).toEqual({ code: 1, lines: 2 });
  });

  it('are complete when it drains into a slow pipe', async () => {
    const { code, lines } = await outcome(run('drain', '| (sleep 0.3; cat)'));
    expect({ code, lines }).toEqual({ code: 0, lines: 3000 });
  });

  it('do not end it when their reader closes the pipe', async () => {
    const { code, stderr, lines } = await outcome(run('closedPipe', '| head -1'));
    expect({ code, stderr, lines }).toEqual({ code: 7, stderr: '', lines: 1 });
  });

  it('do not end it when the disk is full', async () => {
    expect(await outcome(run('fullDisk', '> /dev/full'))).toEqual({
      code: 7,
      stdout: '',
      stderr: '',
      lines: 0,
    });
  });
});
