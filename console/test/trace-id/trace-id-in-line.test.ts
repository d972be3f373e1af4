import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceView } from '../../src/api/types.ts';
import { type Console, startConsole } from '../../src/server.ts';
import { hex, sendTelemetry } from '../helpers/telemetry.ts';

const SPAN = '53995c3f42cd8ad8';

let console: Console;
beforeAll(async () => {
  console = await startConsole({ maxBytes: 256 * 1024 * 1024 });
});
afterAll(() => console.close());

const xray = (id: string) => `1-${id.slice(0, 8)}-${id.slice(8)}`;
const uuid = (id: string) => id.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
const json = (fields: object) => JSON.stringify(fields);

/** Sends one line per form, each with an id of its own, and returns the forms that are not in their trace. */
async function unlinked(forms: Readonly<Record<string, (id: string) => string>>): Promise<string[]> {
  const sent = Object.entries(forms).map(([name, form]) => {
    const id = hex(16);
    return { name, id, line: { timestamp: Date.now(), message: form(id) } };
  });
  await sendTelemetry(console.url, { lines: sent.map(({ line }) => line) });
  const linked = await Promise.all(
    sent.map(async ({ id, line }) => {
      const response = await fetch(`${console.url}/api/traces/${id}`);
      const { logs = [] } = (await response.json()) as Partial<TraceView>;
      return logs.some(({ message }) => message === line.message);
    }),
  );
  return sent.filter((_, index) => !linked[index]).map(({ name }) => name);
}

describe('a line of JSON', () => {
  it.each([
    'trace_id',
    'traceId',
    'traceid',
    'TraceId',
    'TraceID',
    'TRACE_ID',
    'trace-id',
    'trace.id',
    '@tr',
    'trace',
    'otelTraceID',
    'mdc.trace_id',
    'mdc.traceId',
    'dd.trace_id',
    'dt.trace_id',
    'x-trace-id',
    'X-B3-TraceId',
    'xray_trace_id',
    'AWS-XRAY-TRACE-ID',
    'contextMap.traceId',
    'attributes.trace_id',
    'opentelemetry_trace_id',
  ])('is linked by its field %s', async (name) => {
    expect(
      await unlinked({
        hex: (id) => json({ level: 'info', [name]: id }),
        'upper case': (id) => json({ [name]: id.toUpperCase() }),
        uuid: (id) => json({ [name]: uuid(id) }),
        'X-Ray': (id) => json({ [name]: xray(id) }),
        'X-Ray, segment': (id) => json({ [name]: `${xray(id)}@${SPAN}` }),
      }),
    ).toEqual([]);
  });

  it('is linked by a nested field', async () => {
    expect(
      await unlinked({
        trace: (id) => json({ trace: { id, span: SPAN } }),
        context: (id) => json({ context: { trace_id: id } }),
        attributes: (id) => json({ attributes: { traceId: id } }),
        resource: (id) => json({ resource: { attributes: { trace_id: id } } }),
        loguru: (id) => json({ text: 'x', record: { extra: { otelTraceID: id } } }),
        serilog: (id) => json({ Properties: { TraceId: id } }),
        '.NET scopes': (id) => json({ Message: 'x', Scopes: [{ Message: 'y', SpanId: SPAN, TraceId: id }] }),
        datadog: (id) => json({ dd: { trace_id: id } }),
        span: (id) => json({ span: { context: { traceID: id } } }),
        mdc: (id) => json({ mdc: { trace_id: id } }),
        'a list of pairs': (id) =>
          json({
            contextMap: [
              { key: 'a', value: 'b' },
              { key: 'traceId', value: id },
            ],
          }),
        headers: (id) => json({ req: { headers: { traceparent: `00-${id}-${SPAN}-01` } } }),
        'headers in lists': (id) => json({ request: { headers: { Traceparent: [`00-${id}-${SPAN}-01`] } } }),
        "the outer spans of Rust's tracing": (id) =>
          json({ span: { name: 'inner' }, spans: [{ name: 'outer', trace_id: id }, { name: 'inner' }] }),
        "Logback's pairs": (id) => json({ level: 'INFO', mdc: {}, kvpList: [{ a: '1' }, { trace_id: id }] }),
        "Lambda's report": (id) =>
          json({
            type: 'platform.report',
            record: {
              tracing: { spanId: SPAN, type: 'X-Amzn-Trace-Id', value: `Root=${xray(id)};Sampled=1` },
            },
          }),
        "Python's hex()": (id) => json({ span: { trace_id: `0x${id}` } }),
      }),
    ).toEqual([]);
  });

  it('is linked by the value of a header or of a cloud', async () => {
    expect(
      await unlinked({
        traceparent: (id) => json({ traceparent: `00-${id}-${SPAN}-01` }),
        'X-Amzn-Trace-Id': (id) =>
          json({ 'X-Amzn-Trace-Id': `Self=${xray(hex(16))}; Root=${xray(id)} ;Sampled=1` }),
        b3: (id) => json({ b3: `${id}-${SPAN}-1` }),
        jaeger: (id) => json({ 'uber-trace-id': `${id}:${SPAN}:0:1` }),
        sentry: (id) => json({ 'sentry-trace': `${id}-${SPAN}-1` }),
        'google header': (id) => json({ 'X-Cloud-Trace-Context': `${id}/1234;o=1` }),
        google: (id) => json({ 'logging.googleapis.com/trace': `projects/my-project/traces/${id}` }),
      }),
    ).toEqual([]);
  });

  it('is linked when a log router wrapped it', async () => {
    const firelens = {
      container_id: hex(32),
      container_name: 'app',
      source: 'stdout',
      ecs_task_arn: 'arn:aws:ecs:x',
    };
    expect(
      await unlinked({
        json: (id) => json({ ...firelens, log: json({ level: 'info', trace_id: id }) }),
        nested: (id) => json({ ...firelens, log: json({ trace: { id } }) }),
        text: (id) => json({ ...firelens, log: `INFO trace_id=${id} hello` }),
        spring: (id) => json({ ...firelens, log: `2026-11-29 INFO [app,${id},${SPAN}] 1 --- [main] hello` }),
        'the first part of a line': (id) =>
          json({
            ...firelens,
            partial_message: 'true',
            partial_ordinal: '1',
            log: `{"trace_id":"${id}","text":"a`,
          }),
        'the first part of a nested line': (id) =>
          json({ ...firelens, log: `{"trace":{"id":"${id}"},"text":"a` }),
        kubernetes: (id) => json({ kubernetes: { pod_name: 'p' }, message: json({ traceId: id }) }),
        GELF: (id) => json({ version: '1.1', short_message: 'hi', full_message: `hi trace_id=${id}` }),
        'short GELF': (id) => json({ version: '1.1', short_message: json({ trace_id: id }) }),
        Logback: (id) => json({ loggerName: 'x', formattedMessage: `hi trace_id=${id}` }),
        '.NET': (id) => json({ Category: 'x', Message: `hi trace_id=${id}` }),
        'JSON twice': (id) => json({ log: json({ log: json({ trace_id: id }) }) }),
      }),
    ).toEqual([]);
  });
});

describe('a line of text', () => {
  it('is linked by a name and an id', async () => {
    expect(
      await unlinked({
        logfmt: (id) => `level=info trace_id=${id} span_id=${SPAN} msg="hello"`,
        quoted: (id) => `level=info traceID="${id}"`,
        python: (id) =>
          `2026-11-29 INFO [root] [x.py:3] [trace_id=${id} span_id=${SPAN} resource.service.name=x] - hi`,
        otelTraceID: (id) => `INFO otelTraceID=${id} otelSpanID=${SPAN} hello`,
        quarkus: (id) =>
          `10:00:00 INFO  traceId=${id}, parentId=, spanId=${SPAN}, sampled=true [x] (main) hi`,
        '.NET': (id) => `info: App[0] => SpanId:${SPAN}, TraceId:${id}, ParentId:0000000000000000 hello`,
        words: (id) => `Trace ID: ${id}`,
        monolog: (id) => `[2026-11-29T10:00:00] app.INFO: hello {"trace_id":"${id}"} []`,
        cri: (id) => `2026-11-29T10:00:00.1Z stdout F {"level":"info","trace_id":"${id}"}`,
        'cri, nested': (id) => `2026-11-29T10:00:00.1Z stderr F {"trace": {"id": "${id}"}}`,
        lambda: (id) => `2026-11-29T10:00:00.100Z\t${crypto.randomUUID()}\tINFO\t{"traceId": "${id}"}`,
        zap: (id) => `2026-11-29T10:00:00\tINFO\tmain.go:3\thello\t{"trace_id": "${id}"}`,
        ruby: (id) => `I, [2026-11-29] INFO -- : [trace_id=${id}] Started GET "/"`,
        datadog: (id) => `[dd.service=web dd.env=x dd.trace_id=${id} dd.span_id=1] hello`,
        'java agent': (id) => `AWS-XRAY-TRACE-ID: ${xray(id)}@${SPAN} GET /`,
        'load balancer': (id) =>
          `h2 2026 app/x 1.2.3.4:1 200 "GET https://x:443/ HTTP/2.0" "Root=${xray(id)}" "-"`,
        header: (id) => `got x-amzn-trace-id: Self=${xray(hex(16))};Root=${xray(id)};Sampled=1`,
        traceparent: (id) => `outgoing traceparent: 00-${id}-${SPAN}-01 sent`,
        'traceparent alone': (id) => `[00-${id}-${SPAN}-01] sent`,
        'spring cloud': (id) =>
          `2026-11-29 10:00:00.000  INFO [app,${id},${SPAN},true] 1 --- [nio-1] c.x.Y : hello`,
        'spring cloud without app': (id) => `INFO [${id},${SPAN}] hello`,
        'spring cloud after a colon': (id) => `INFO: [app,${id},${SPAN}] hello`,
        'spring boot 3': (id) =>
          `2026-11-29T10:00:00.000Z  INFO 1 --- [app] [nio-exec-1] [${id}-${SPAN}] c.x.Y : hi`,
        google: (id) => `trace=projects/my-project/traces/${id} hello`,
        uuid: (id) => `trace_id=${uuid(id)}`,
        inspected: (id) => `{:level=>"info", :trace_id=>"${id}"}`,
        'python dict': (id) => `extra={'trace_id': '${id}'}`,
        'lambda report': (id) =>
          `REPORT RequestId: ${crypto.randomUUID()}\nXRAY TraceId: ${xray(id)}\tSegmentId: ${SPAN}`,
        'environment of lambda': (id) => `_X_AMZN_TRACE_ID=Root=${xray(id)};Parent=${SPAN};Sampled=1`,
        'trace and span': (id) => `[trace=${id},span=${SPAN}] hello`,
        'google header': (id) => `x-cloud-trace-context: ${id}/1234;o=1`,
        'upper case': (id) => `TRACE_ID=${id.toUpperCase()}`,
        hexadecimal: (id) => `SpanContext(trace_id=0x${id}, span_id=0x${SPAN}, trace_flags=0x01)`,
      }),
    ).toEqual([]);
  });

  it('is linked in colours', async () => {
    const [RESET, ITALIC, CYAN] = ['\x1b[0m', '\x1b[3m', '\x1b[38;5;36m'];
    expect(
      await unlinked({
        "Rust's tracing": (id) => `INFO {${ITALIC}trace_id${RESET}\x1b[2m=${RESET}${id}${RESET}}: app: hi`,
        structlog: (id) => `hello ${CYAN}trace_id${RESET}=${CYAN}${id}${RESET}`,
        zerolog: (id) => `INF hello ${CYAN}trace_id=${RESET}${id}`,
        'pino-pretty': (id) => `INFO: hi\n    ${CYAN}trace_id${RESET}: "${id}"`,
        'a log router': (id) => json({ log: `hello ${CYAN}trace_id${RESET}=${CYAN}${id}${RESET}` }),
      }),
    ).toEqual([]);
  });

  it('is linked whatever stands around the name and the id', async () => {
    const filler = fc
      .string({ maxLength: 30 })
      .filter((text) => !/[?&0-9a-z\\]$|^[0-9a-z-]|[?&]/i.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(filler, filler, fc.constantFrom('trace_id=', 'traceId: ', '"TraceID":"')), {
          minLength: 20,
          maxLength: 20,
        }),
        async (around) => {
          const forms = around.map(
            ([before, after, name]) =>
              (id: string) =>
                `x ${before} ${name}${id} ${after}`,
          );
          expect(await unlinked(Object.fromEntries(forms.entries()))).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('an id of 64 bits', () => {
  it('is padded with zeros, also when it is decimal as in Datadog', async () => {
    const lines = [
      '{"traceId":"53995c3f42cd8ad8"}',
      '{"dd.trace_id":"6024080012345678901"}',
      'dd.trace_id=6024080012345678902 x',
    ];
    await sendTelemetry(console.url, { lines: lines.map((message) => ({ timestamp: Date.now(), message })) });
    for (const id of [
      '53995c3f42cd8ad8',
      6024080012345678901n.toString(16),
      6024080012345678902n.toString(16),
    ]) {
      expect((await fetch(`${console.url}/api/traces/${id.padStart(32, '0')}`)).status).toBe(200);
    }
  });
});

describe('a line that names no trace', () => {
  it('is not linked', async () => {
    const forms: Record<string, (id: string) => string> = {
      'a UUID': (id) => `request ${uuid(id)} done`,
      'a field with a UUID': (id) => json({ request_id: uuid(id), user_uuid: uuid(id) }),
      'the level TRACE before a UUID': (id) => `10:00:00 TRACE ${uuid(id)} done`,
      'the level TRACE before digits': (id) => `10:00:00 [TRACE] ${id} done`,
      'the level TRACE with a colon': (id) => `TRACE: ${uuid(id)} done`,
      'a stack trace': (id) => `stacktrace: ${id} backtrace_id=${id} parent_trace_id=${id}`,
      'digits without a name': (id) => `commit ${id}`,
      'another name': (id) => `md5=${id} etag="${id}" span_id=${id}`,
      'other fields': (id) => json({ etag: id, backtrace_id: id, parent_trace_id: id, id }),
      'the query of a URL': (id) => `GET /?trace_id=${id}&traceparent=00-${id}-${SPAN}-01 200`,
      'a path in JSON': (id) =>
        json({ full_path: `/?trace_id=${id}`, message: `GET /?a=1&trace_id=${id} 200` }),
      'fields of the caller': (id) => json({ query: { trace_id: id }, body: { traceId: id } }),
      'links to other traces': (id) => json({ links: [{ trace_id: id }], parent: { trace_id: id } }),
      'a list of hashes': (id) => `hashes=[${id},${SPAN}]`,
      'an element': (id) => `cache[users,${id},${SPAN}]`,
      'too many digits': (id) => `trace_id=${id}0`,
      'a UUID that is longer': (id) => `trace_id=${uuid(id)}-ab`,
      'version ff': (id) => `ff-${id}-${SPAN}-01`,
      'text after the bound': (id) => `${'x '.repeat(10_000)}trace_id=${id}`,
      'a field after the bound': (id) =>
        json({ ...Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`k${n}`, 1])), trace_id: id }),
      'a level below the bound': (id) => json({ a: { b: { c: { d: { e: { f: { trace_id: id } } } } } } }),
    };
    expect(await unlinked(forms)).toEqual(Object.keys(forms));
  });

  it('has an id of zeros', async () => {
    const zeros = '0'.repeat(32);
    const own = hex(16);
    const lines = [`trace_id=${zeros}`, json({ trace_id: zeros, xray_trace_id: xray(own) })];
    await sendTelemetry(console.url, { lines: lines.map((message) => ({ timestamp: Date.now(), message })) });
    expect((await fetch(`${console.url}/api/traces/${own}`)).status).toBe(200);
    const { traces } = (await (await fetch(`${console.url}/api/traces?limit=5000`)).json()) as {
      traces: { traceId: string }[];
    };
    expect(traces.map(({ traceId }) => traceId)).not.toContain(zeros);
  });

  it('costs little, however it is made', async () => {
    const hostile = [
      'trace',
      'trace_id',
      'trace_id=',
      '[',
      '[a,',
      '00-',
      'root=',
      '-',
      'w.',
      '{"trace":',
      '\x1b[',
      '\x1b[1;',
      '\x1b]8;;x',
    ].map((part) => part.repeat(200_000 / part.length));
    const started = performance.now();
    for (const message of hostile)
      await sendTelemetry(console.url, { lines: [{ timestamp: Date.now(), message }] });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
