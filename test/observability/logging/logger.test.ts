import { context, type SpanContext, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ISO_TIME } from '../../helpers/iso-time.ts';
import { openLogger, openTerminal } from '../../helpers/process/log-streams.ts';

const SPAN: SpanContext = {
  traceId: '6745ab12c0ffee00c0ffee00c0ffee01',
  spanId: 'c0ffee00c0ffee02',
  traceFlags: 1,
};
/** Not a literal, because the linter rejects control characters in one. */
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`);
const TRACE_MEMBERS = {
  trace_id: '6745ab12c0ffee00c0ffee00c0ffee01',
  span_id: 'c0ffee00c0ffee02',
  xray_trace_id: '1-6745ab12-c0ffee00c0ffee00c0ffee01',
};

describe('a log line', () => {
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });

  afterAll(() => {
    context.disable();
  });

  it('is one JSON object with its own members first, then the fields', async () => {
    const { logger, text } = openLogger();
    logger.info('GET / 200', { status: 200, aborted: false, remote_addr: null }, SPAN);
    const line = await text();
    expect(line.endsWith('}\n')).toBe(true);
    expect(Object.entries(JSON.parse(line))).toEqual([
      ['timestamp', ISO_TIME],
      ['level', 'info'],
      ['message', 'GET / 200'],
      ...Object.entries(TRACE_MEMBERS),
      ['service', 'backend-express'],
      ['status', 200],
      ['aborted', false],
      ['remote_addr', null],
    ]);
  });

  it('has the ids of the active span', async () => {
    const { logger, lines } = openLogger();
    await context.with(trace.setSpanContext(context.active(), SPAN), async () => {
      await Promise.resolve();
      logger.warn('inside');
    });
    logger.warn('outside');
    const [inside, outside] = await lines();
    expect(inside).toMatchObject(TRACE_MEMBERS);
    expect(outside).not.toHaveProperty('trace_id');
    expect(outside).not.toHaveProperty('span_id');
    expect(outside).not.toHaveProperty('xray_trace_id');
  });

  it('has no ids for an invalid span', async () => {
    const { logger, lines } = openLogger();
    logger.info('m', {}, { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 });
    logger.info('m', {}, { traceId: '"},{"', spanId: 'x', traceFlags: 0 });
    for (const line of await lines()) expect(line).not.toHaveProperty('trace_id');
  });

  it('is written at the configured level and above', async () => {
    const { logger, lines } = openLogger({ level: 'warn' });
    logger.debug('d');
    logger.info('i');
    logger.warn('w');
    logger.error('e');
    expect((await lines()).map(({ level }) => level)).toEqual(['warn', 'error']);
  });

  it('stays one line for any content', async () => {
    const { logger, text } = openLogger();
    logger.info('a\nb\r\u2028c', { stack: 'x\n  at y', 'k\ney': '\0' });
    expect((await text()).trimEnd().split('\n')).toHaveLength(1);
  });

  it('keeps fields named like its own members, under another name', async () => {
    const { logger, lines } = openLogger();
    const fields = { timestamp: 1, level: 2, message: 'mine', message_: 'too', trace_id: 'x', service: 's' };
    logger.error('m', fields, SPAN);
    expect(await lines()).toEqual([
      {
        timestamp: expect.stringContaining('T'),
        level: 'error',
        message: 'm',
        ...TRACE_MEMBERS,
        service: 'backend-express',
        timestamp_: 1,
        level_: 2,
        message__: 'mine',
        message_: 'too',
        trace_id_: 'x',
        service_: 's',
      },
    ]);
  });

  it('carries JSON fields unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.dictionary(
          fc.string({ unit: 'binary' }).map((key) => `f${key}`),
          fc.jsonValue(),
        ),
        async (message, fields) => {
          const { logger, lines } = openLogger();
          logger.info(message, fields);
          const [{ timestamp, level, service, ...rest } = {}] = await lines();
          expect(rest).toEqual(JSON.parse(JSON.stringify({ message, ...fields })));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps a value passed in place of fields', async () => {
    const { logger, lines } = openLogger();
    logger.error('m', new Error('no') as never);
    logger.error('m', ['a'] as never);
    logger.error('m', null as never);
    expect(await lines()).toMatchObject([{ fields: { message: 'no' } }, { fields: ['a'] }, { fields: null }]);
  });

  it('is written for any fields', async () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    });
    await fc.assert(
      fc.asyncProperty(anything, anything, async (message, fields) => {
        const { logger, lines } = openLogger();
        logger.info(message as string, fields as Record<string, unknown>);
        logger.info('m', { fields });
        expect(await lines()).toHaveLength(2);
      }),
    );
  });
});

describe('a field', () => {
  async function write(value: unknown): Promise<unknown> {
    const { logger, lines } = openLogger();
    logger.error('m', { before: 1, value, after: 2 });
    const [line] = await lines();
    expect(line).toMatchObject({ message: 'm', before: 1, after: 2 });
    return line?.value;
  }

  it('that is an error has its name, message, stack and causes, and nothing that a driver adds', async () => {
    const cause = Object.assign(new TypeError('inner'), {
      code: 'ECONNREFUSED',
      detail: 'Key (email)=(a@b.c)',
    });
    expect(await write(new Error('outer', { cause }))).toEqual({
      name: 'Error',
      message: 'outer',
      stack: expect.stringContaining('logger.test.ts'),
      cause: {
        name: 'TypeError',
        message: 'inner',
        code: 'ECONNREFUSED',
        stack: expect.stringContaining('TypeError: inner'),
      },
    });
    expect(await write(new AggregateError([new Error('a'), 'b']))).toMatchObject({
      name: 'AggregateError',
      errors: [{ message: 'a' }, 'b'],
    });
  });

  it('that JSON cannot represent becomes text', async () => {
    expect(await write(12345678901234567890n)).toBe('12345678901234567890');
    expect(await write(Number.NaN)).toBe('NaN');
    expect(await write([Number.POSITIVE_INFINITY])).toEqual(['Infinity']);
    expect(await write(Buffer.alloc(5))).toBe('[5 bytes]');
    expect(await write(new Map([['a', new Set([1])]]))).toEqual({ a: [1] });
    expect(await write(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(await write(new Date(Number.NaN))).toBeNull();
    expect(await write(undefined)).toBeUndefined();
  });

  it('that throws when read is marked, and hides no other field', async () => {
    const boom = () => {
      throw new RangeError('boom');
    };
    expect(await write(Object.defineProperty({ a: 1 }, 'b', { get: boom, enumerable: true }))).toEqual({
      a: 1,
      b: '[unreadable: RangeError]',
    });
    expect(await write({ toJSON: boom })).toBe('[unreadable: RangeError]');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(await write(proxy)).toBe('[unreadable: TypeError]');
    const error = Object.defineProperty(new Error('m'), 'message', { get: boom });
    expect(await write(error)).toMatchObject({ name: 'Error', message: '[unreadable: RangeError]' });
  });

  it('that is circular, very deep or very large is cut', async () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    expect(await write(circle)).toEqual({ a: 1, self: '[circular]' });

    let deep: unknown = 'bottom';
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(JSON.stringify(await write(deep))).toContain('[more]');

    let wide: unknown = 'leaf';
    for (let i = 0; i < 100; i += 1) wide = { left: wide, right: wide };
    expect(JSON.stringify(await write(wide)).length).toBeLessThan(100_000);

    const forever = { toJSON: () => ({ toJSON: forever.toJSON }) };
    expect(await write(forever)).toBe('[more]');

    const long = '€'.repeat(100_000);
    expect(await write(long)).toBe(`${'€'.repeat(681)}…`);
  });
});

describe('on a terminal, a record', () => {
  it('is written in columns, with its fields and trace id', async () => {
    const { logger, text } = openTerminal();
    logger.info('GET / 200', { status: 200, user_agent: 'curl 8', list: [1, 'a'] }, SPAN);
    logger.error('down');
    const [first, second] = (await text()).split('\n');
    expect(first).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}GET \/ 200 {32}status=200 /);
    expect(first).toContain('user_agent=curl 8 list=[1,"a"] trace_id=6745ab12c0ffee00c0ffee00c0ffee01');
    expect(second).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR down$/);
  });

  it('has stacks below it', async () => {
    const { logger, text } = openTerminal();
    logger.error('failed', { error: new TypeError('no', { cause: new Error('because') }) });
    const [first, second, third, ...rest] = (await text()).split('\n');
    expect(first).toMatch(/ERROR failed$/);
    expect(second).toBe('    TypeError: no');
    expect(third).toMatch(/^ {4}at .*logger\.test\.ts/);
    expect(rest[rest.indexOf('    caused by:') + 1]).toBe('    Error: because');
  });

  it('cannot send control characters to the terminal', async () => {
    const { logger, raw } = openTerminal();
    logger.info('a\u001b[2Jb\u009b2Jc', { 'k\u0007': 'd\re\n' });
    const text = (await raw()).split(COLOUR).join('');
    expect(text.slice(0, -1)).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('a\\x1b[2Jb\\x9b2Jc');
  });
});

describe('a secret', () => {
  const SECRET = 'postgres://app:hunter2@db/x';

  it('is taken out of errors at any level, and out of all text above level info', async () => {
    const { logger, lines } = openLogger();
    logger.info(SECRET, { text: SECRET, error: new Error(SECRET, { cause: SECRET }) });
    logger.warn(SECRET, { text: SECRET, n: 1 });
    logger.error(SECRET, { nested: { text: [SECRET] } });
    const [info, ...others] = await lines();
    expect(info).toMatchObject({ message: SECRET, text: SECRET });
    expect(JSON.stringify(info?.error)).toContain('postgres://[redacted]@db/x');
    expect(JSON.stringify([info?.error, ...others])).not.toContain('hunter2');
  });

  it('is recognised by the name of its field', async () => {
    const { logger, lines } = openLogger();
    logger.warn('m', { password: 'abc', pin: 1234, token_type: 'bearer', status: 401 });
    logger.warn('m', { error: new Error('no', { cause: { headers: { 'x-api-key': 'abc' }, port: 1 } }) });
    logger.info('m', { password: 'abc' });
    const [flat, nested, info] = await lines();
    const redacted = '[redacted]';
    expect(flat).toMatchObject({ password: redacted, pin: redacted, token_type: 'bearer', status: 401 });
    expect(nested?.error).toMatchObject({ cause: { headers: { 'x-api-key': redacted }, port: 1 } });
    expect(info).toMatchObject({ password: 'abc' });
  });

  it('is taken out on a terminal, too', async () => {
    const { logger, text } = openTerminal();
    logger.error(SECRET, { error: new Error(SECRET), text: SECRET });
    expect(await text()).not.toContain('hunter2');
  });
});
