import { afterEach, describe, expect, it } from 'vitest';
import { type FaultMode, startFaultyServer } from '../../helpers/network/faulty-server.ts';
import { openSpanPipe } from '../../helpers/telemetry/span-pipe.ts';

const KEY = 'hush-0123456789';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A pipe to a back end that responds as `mode` says. Three spans make one batch. */
async function pipeTo(mode: FaultMode) {
  const server = await startFaultyServer(mode);
  closers.push(server.close);
  const pipe = openSpanPipe(server.url, {
    OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${KEY}`,
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
  });
  closers.push(() => pipe.drain(0));
  return { server, pipe };
}

describe('a back end that accepts spans', () => {
  it.each([
    ['an empty object', { status: 200, body: '{}' }],
    ['an empty body', { status: 200 }],
    ['202', { status: 202, body: '{}' }],
    ['204', { status: 204 }],
    ['a partial success of nothing', { status: 200, body: '{"partialSuccess":{}}' }],
    [
      'a partial success that rejects none',
      { status: 200, body: '{"partialSuccess":{"rejectedSpans":"0"}}' },
    ],
    ['a warning', { status: 200, body: '{"partialSuccess":{"errorMessage":"slow down"}}' }],
    ['no partial success', { status: 200, body: '{"partialSuccess":null}' }],
    ['a count that is none', { status: 200, body: '{"partialSuccess":{"rejectedSpans":"many"}}' }],
    ['a count below 0', { status: 200, body: '{"partialSuccess":{"rejectedSpans":-1}}' }],
    ['what the next version says', { status: 200, body: '{"fullSuccess":{}}' }],
  ] as const)('with %s: all spans count as sent, at once', async (_what, mode) => {
    const { server, pipe } = await pipeTo(mode);
    pipe.end(3);
    await pipe.drain(5000);
    expect(pipe.counts()).toEqual({ accepted: 3, sent: 3, dropped: 0, queued: 0, last_error: null });
    expect(server.requests()).toBe(1);
  });

  it.each([
    ['"2"', 2],
    ['2', 2],
    ['2.9', 2],
    ['"3"', 3],
    ['1e9', 3],
    ['"Infinity"', 3],
  ])('with a partial success that rejects %s of 3: %d count as dropped', async (rejected, lost) => {
    const body = `{"partialSuccess":{"rejectedSpans":${rejected},"errorMessage":"${KEY}"}}`;
    const { server, pipe } = await pipeTo({ status: 200, body });
    pipe.end(3);
    await pipe.drain(5000);
    expect(pipe.counts()).toEqual({
      accepted: 3,
      sent: 3 - lost,
      dropped: lost,
      queued: 0,
      last_error: 'partial success: the back end rejected some spans',
    });
    expect(server.requests()).toBe(1);
  });

  it.each([
    ['\n\u0002\b\u0002', 2, 'partial success: the back end rejected some spans'],
    ['\n\u0002\b\u0009', 3, 'partial success: the back end rejected some spans'],
    ['', 0, null],
    ['{}', 3, 'Refused: the back end answered 200 without acknowledging the spans'],
    ['\n\u0002\b\u0001', 1, 'partial success: the back end rejected some spans', 'Application/Protobuf; v=1'],
  ])(
    'with %j in protobuf: %d count as dropped',
    async (body, lost, lastError, type = 'application/x-protobuf') => {
      const headers = { 'content-type': type };
      const { server, pipe } = await pipeTo({ status: 200, body, headers });
      pipe.end(3);
      await pipe.drain(5000);
      expect(pipe.counts()).toMatchObject({ sent: 3 - lost, dropped: lost, last_error: lastError });
      expect(server.requests()).toBe(1);
    },
  );
});

describe('a back end that rejects permanently', () => {
  const unread = 'the back end answered 200 without acknowledging the spans';
  it.each([
    [{ status: 400, body: KEY }, 'the back end answered 400'],
    [
      { status: 401, body: `unknown ${KEY}` },
      'the back end answered 401: OTEL_EXPORTER_OTLP_HEADERS is not accepted',
    ],
    [{ status: 403 }, 'the back end answered 403: OTEL_EXPORTER_OTLP_HEADERS is not accepted'],
    [{ status: 404 }, 'the back end answered 404: OTEL_EXPORTER_OTLP_ENDPOINT does not accept traces'],
    [{ status: 413 }, 'the back end answered 413'],
    [{ status: 500, headers: { 'retry-after': '1' } }, 'the back end answered 500'],
    [{ status: 408 }, 'the back end answered 408'],
    [{ status: 501 }, 'the back end answered 501'],
    [{ status: 505 }, 'the back end answered 505'],
    [{ status: 302, headers: { location: '/' } }, 'the back end answered 302'],
    ['null', unread],
    ['garbage', unread],
    ['huge', unread],
    [{ status: 200, body: '"ok"' }, unread],
    [{ status: 200, body: '200' }, unread],
    [{ status: 200, body: '{"partialSuccess":{"rejectedSpans":{"valueOf":1,"toString":1}}}' }, unread],
  ] as const)('with %j: the batch is dropped after one attempt, with a reason', async (mode, reason) => {
    const { server, pipe } = await pipeTo(mode);
    pipe.end(3);
    await pipe.drain(5000);
    expect(pipe.counts()).toEqual({
      accepted: 3,
      sent: 0,
      dropped: 3,
      queued: 0,
      last_error: `Refused: ${reason}`,
    });
    expect(server.requests()).toBe(1);
  });
});
