import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { createSinks, type Sinks } from '../../../src/observability/delivery/sink-counters.ts';
import { monitorSinks } from '../../../src/observability/delivery/sink-monitor.ts';
import { openLogger } from '../../helpers/process/log-streams.ts';

const SECOND = 1000;
const START = Date.parse('2026-11-22T10:00:00Z');

let sinks: Sinks;
/** The lines so far, each with the time in seconds at which it was written. */
let written: () => Promise<{ after: number; sink: unknown; newly_dropped: unknown }[]>;
let exitListeners: readonly unknown[];

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['setInterval', 'clearInterval', 'Date'] });
  exitListeners = process.rawListeners('exit');
  sinks = createSinks(readConfig({ DATABASE_URL: 'postgres://127.0.0.1:1/none' }));
  const { logger, lines } = openLogger();
  monitorSinks(sinks, logger);
  written = async () =>
    (await lines()).map(({ timestamp, sink, newly_dropped }) => ({
      after: (Date.parse(String(timestamp)) - START) / SECOND,
      sink,
      newly_dropped,
    }));
});

afterEach(() => {
  vi.useRealTimers();
  for (const listener of process.rawListeners('exit')) {
    if (!exitListeners.includes(listener)) process.off('exit', listener as () => void);
  }
});

/** Advances the clock by `seconds`, and does `work` at the start of each. */
function eachSecond(seconds: number, work: () => void = () => {}): void {
  for (let n = 0; n < seconds; n += 1) {
    work();
    vi.advanceTimersByTime(SECOND);
  }
}

describe('the monitor of the sinks', () => {
  it('logs nothing while no sink fails', async () => {
    eachSecond(600, () => {
      sinks.honeycomb.accepted(2);
      sinks.honeycomb.sent(1);
    });
    expect(await written()).toEqual([]);
  });

  it('reports a failure within five seconds, with all counts', async () => {
    const { logger, lines } = openLogger();
    monitorSinks(sinks, logger);
    sinks.rollbar.accepted(3);
    sinks.rollbar.dropped(2, new Error('connect ECONNREFUSED'));
    eachSecond(5);
    expect(await lines()).toEqual([
      {
        timestamp: '2026-11-22T10:00:05.000Z',
        level: 'warn',
        message: 'rollbar is failing: connect ECONNREFUSED',
        service: 'backend-express',
        sink: 'rollbar',
        newly_dropped: 2,
        on: false,
        destination: null,
        accepted: 3,
        sent: 0,
        dropped: 2,
        queued: 1,
        last_error: 'connect ECONNREFUSED',
        last_error_at: '2026-11-22T10:00:00.000Z',
      },
    ]);
  });

  it('repeats the warning once per minute while it lasts, and counts each loss once', async () => {
    eachSecond(200, () => {
      sinks.honeycomb.accepted(1);
      sinks.honeycomb.dropped(1, 'queue full');
    });
    expect(await written()).toEqual([
      { after: 5, sink: 'honeycomb', newly_dropped: 5 },
      { after: 65, sink: 'honeycomb', newly_dropped: 60 },
      { after: 125, sink: 'honeycomb', newly_dropped: 60 },
      { after: 185, sink: 'honeycomb', newly_dropped: 60 },
    ]);
  });

  it('reports the last error of a failure that is over, then nothing', async () => {
    sinks.xray.failed('EMSGSIZE');
    eachSecond(10);
    sinks.xray.failed('EMSGSIZE');
    eachSecond(600);
    expect(await written()).toEqual([
      { after: 5, sink: 'xray', newly_dropped: 0 },
      { after: 65, sink: 'xray', newly_dropped: 0 },
    ]);
  });

  it('reports a failure that returns after a minute within five seconds', async () => {
    sinks.xray.failed('EMSGSIZE');
    eachSecond(302);
    sinks.xray.failed('EMSGSIZE');
    eachSecond(10);
    expect((await written()).map(({ after }) => after)).toEqual([5, 305]);
  });

  it('reports each sink independently of the others', async () => {
    sinks.cloudwatch.failed('a');
    eachSecond(10);
    sinks.honeycomb.failed('b');
    eachSecond(10);
    expect(await written()).toEqual([
      { after: 5, sink: 'cloudwatch', newly_dropped: 0 },
      { after: 15, sink: 'honeycomb', newly_dropped: 0 },
    ]);
  });
});
