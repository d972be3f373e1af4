import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FaultMode, startFaultyServer, startTcpBlackHole } from '../../helpers/network/faulty-server.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { openSpanPipe } from '../../helpers/telemetry/span-pipe.ts';
import { until } from '../../helpers/until.ts';

const KEY = 'hush-0123456789';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A pipe to a back end that responds as `mode` says. Three spans make one batch. */
async function pipeTo(mode: FaultMode, environment: Record<string, string> = {}) {
  const server = await startFaultyServer(mode);
  closers.push(server.close);
  const pipe = openSpanPipe(server.url, {
    OTEL_EXPORTER_OTLP_HEADERS: `x-honeycomb-team=${KEY}`,
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '3',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    ...environment,
  });
  closers.push(() => pipe.drain(0));
  return { server, pipe };
}

describe('a failing back end', () => {
  it.each([
    [{ status: 429 }, /^Throttled: the back end answered 429$/],
    [{ status: 502, body: KEY }, /^Throttled: the back end answered 502$/],
    [{ status: 503, headers: { 'retry-after': 'Sun, 22 Nov 2015 10:00:00 GMT' } }, /answered 503$/],
    [{ status: 504, headers: { 'retry-after': '-5' } }, /answered 504$/],
    ['reset', /ECONNRESET|socket hang up/],
    ['hang', /^no answer within 100 ms$/],
  ] as const)('with %j: the batch is retried until accepted, and delivered once', async (mode, reason) => {
    const { server, pipe } = await pipeTo(mode, { OTEL_EXPORTER_OTLP_TIMEOUT: '100' });
    pipe.end(3);
    await until(() => pipe.counts().last_error);
    expect(pipe.counts()).toMatchObject({ queued: 3, dropped: 0, last_error: expect.stringMatching(reason) });
    server.become('ok');
    await until(() => pipe.counts().sent === 3);
    expect(pipe.counts()).toMatchObject({ accepted: 3, queued: 0, dropped: 0 });
  });

  it('costs nothing for the encoding of spans that a full queue drops', async () => {
    const { pipe } = await pipeTo('hang', { OTEL_BSP_MAX_QUEUE_SIZE: '3' });
    pipe.end(3);
    const encode = vi.spyOn(JSON, 'stringify');
    pipe.end(5);
    expect(encode).not.toHaveBeenCalled();
    encode.mockRestore();
    expect(pipe.counts()).toMatchObject({ accepted: 8, queued: 3, dropped: 5, last_error: 'queue full' });
  });

  it.each([
    ['in seconds', () => '1'],
    ['as a date', () => new Date(Date.now() + 2000).toUTCString()],
  ])('gets no request during the pause that it asks for %s', async (_how, retryAfter) => {
    const { server, pipe } = await pipeTo({ status: 429, headers: { 'retry-after': retryAfter() } });
    pipe.end(3);
    await until(() => pipe.counts().last_error);
    const asked = performance.now();
    server.become('ok');
    await until(() => pipe.counts().sent === 3);
    expect(performance.now() - asked).toBeGreaterThan(900);
  });

  it.each([
    ['that nobody serves', freePort, /ECONNREFUSED/],
    [
      'that accepts connections and reads nothing',
      async () => {
        const hole = await startTcpBlackHole();
        closers.push(hole.close);
        return hole.port;
      },
      /no answer within 100 ms/,
    ],
  ])('%s: the spans left at the end are counted as lost, with a reason', async (_what, openPort, reason) => {
    const pipe = openSpanPipe(`http://127.0.0.1:${await openPort()}`, { OTEL_EXPORTER_OTLP_TIMEOUT: '100' });
    pipe.end(3);
    await until(() => pipe.counts().last_error);
    expect(pipe.counts().last_error).toMatch(reason);
    await pipe.drain(100);
    expect(pipe.counts()).toEqual({
      accepted: 3,
      sent: 0,
      dropped: 3,
      queued: 0,
      last_error: 'not acknowledged within 100 ms of the drain',
    });
  });
});
