import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/config.ts';
import { describeError } from '../../../src/lib/describe-error.ts';
import {
  createSinkCounters,
  createSinks,
  describeSinks,
} from '../../../src/observability/delivery/sink-counters.ts';

const DATABASE_URL = 'postgres://127.0.0.1:1/none';

/** Values that throw when they are read or formatted. */
const HOSTILE: readonly (readonly [string, () => unknown])[] = [
  ['a text that throws', () => ({ toString: () => fail(), [Symbol.toPrimitive]: () => fail() })],
  ['an inspection that throws', () => ({ [Symbol.for('nodejs.util.inspect.custom')]: () => fail() })],
  ['a getter that throws', () => Object.defineProperty({}, 'a', { enumerable: true, get: fail })],
  ['a proxy that throws', () => new Proxy({}, { get: fail, getPrototypeOf: fail, ownKeys: fail })],
  ['an error whose message throws', () => Object.defineProperty(new Error(), 'message', { get: fail })],
  ['an error whose message is no text', () => Object.assign(new Error(), { message: { a: 1 } })],
  ['an error whose name is a symbol', () => Object.assign(new Error('a'), { name: Symbol('b') })],
  ['an error whose code is an object', () => Object.assign(new Error(), { code: {} })],
  ['an aggregate of nothing', () => new AggregateError([])],
  ['an aggregate whose errors are none', () => Object.assign(new AggregateError([]), { errors: 7 })],
  [
    'a circle',
    () => {
      const circle: unknown[] = [];
      circle.push(circle);
      return circle;
    },
  ],
  ['a function', () => fail],
  ['a symbol', () => Symbol('a')],
  ['null without a prototype', () => Object.create(null)],
];

function fail(): never {
  throw new Error('hostile');
}

describe('describeError', () => {
  it.each(HOSTILE)('returns a short line for %s', (_what, make) => {
    expect(describeError(make())).toMatch(/^.{1,200}$/);
  });

  it('returns one line of at most 200 characters for any value', () => {
    const reason = fc.oneof(
      fc.anything({ withNullPrototype: true, withDate: true, withBigInt: true, withMap: true }),
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.string({ unit: 'binary' }).map((message) => new TypeError(message)),
    );
    fc.assert(
      fc.property(reason, (value) => {
        const text = describeError(value);
        expect(text.length).toBeLessThanOrEqual(200);
        expect(text).not.toMatch(/[\r\n\t\u2028\u2029]/);
      }),
    );
  });

  it.each([
    [new Error('read ECONNRESET'), 'read ECONNRESET'],
    [new TypeError('a\n  b'), 'TypeError: a b'],
    [Object.assign(new Error(''), { code: 'ETIMEDOUT' }), 'ETIMEDOUT'],
    [
      new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('b')]),
      'connect ECONNREFUSED ::1:1',
    ],
    [Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new Error(''), 'unknown'],
    ['queue full', 'queue full'],
    [undefined, 'undefined'],
  ])('of %o is "%s"', (reason, text) => {
    expect(describeError(reason)).toBe(text);
  });
});

describe('a sink', () => {
  it('keeps accepted = sent + dropped + queued in any sequence of events', () => {
    const count = fc.nat(1000);
    const step = fc.record({ more: count, sent: count, dropped: count });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const sink = createSinkCounters('honeycomb', 'localhost:1');
        for (const { more, sent, dropped } of steps) {
          sink.accepted(more + sent + dropped);
          sink.sent(sent);
          sink.dropped(dropped, 'queue full');
        }
        const { accepted, sent, dropped, queued } = sink.report();
        expect(accepted).toBe(sent + dropped + queued);
        expect(queued).toBe(steps.reduce((sum, { more }) => sum + more, 0));
      }),
    );
  });

  it('keeps the last error and its time, and counts no loss for a failed attempt', () => {
    const sink = createSinkCounters('rollbar', 'localhost:1');
    sink.accepted(1);
    expect(sink.report()).toMatchObject({ last_error: null, last_error_at: null });
    sink.failed(new Error('a'));
    sink.failed(new Error('b'));
    expect(sink.report()).toMatchObject({
      on: true,
      queued: 1,
      dropped: 0,
      last_error: 'b',
      last_error_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });
});

describe('the four sinks', () => {
  it('report their destination as host and port: no path, query, user or key', () => {
    const sinks = createSinks(
      readConfig({
        DATABASE_URL,
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://hush:hush@api.honeycomb.io:8443/hush?hush=hush',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-honeycomb-team=hush',
        AWS_XRAY_DAEMON_ADDRESS: 'tcp:10.0.0.1:2001 udp:10.0.0.2:2000',
        CLOUDWATCH_LOG_GROUP: 'hush',
        AWS_REGION: 'ca-central-1',
        ROLLBAR_ACCESS_TOKEN: 'hush',
        ROLLBAR_ENDPOINT: 'https://rollbar.example/hush?access_token=hush',
      }),
    );
    expect(describeSinks(sinks)).toEqual({
      honeycomb: 'api.honeycomb.io:8443',
      xray: '10.0.0.2:2000',
      cloudwatch: 'logs.ca-central-1.amazonaws.com',
      rollbar: 'rollbar.example',
    });
  });

  it('report an IPv6 address in brackets', () => {
    const sinks = createSinks(readConfig({ DATABASE_URL, AWS_XRAY_DAEMON_ADDRESS: '[fd00::5]:2000' }));
    expect(describeSinks(sinks).xray).toBe('[fd00::5]:2000');
  });

  it('are reported as off without an address', () => {
    const sinks = createSinks(readConfig({ DATABASE_URL }));
    expect(describeSinks(sinks)).toEqual({
      honeycomb: 'off',
      xray: 'off',
      cloudwatch: 'off',
      rollbar: 'off',
    });
    for (const { report } of Object.values(sinks))
      expect(report()).toMatchObject({ on: false, destination: null });
  });
});
