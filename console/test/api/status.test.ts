import { expect, it } from 'vitest';
import type { ConsoleStatus } from '../../src/api/types.ts';
import { startConsole } from '../../src/server.ts';
import { ask } from '../helpers/network/http-client.ts';
import { logLine, serverSpan } from './console-entries.ts';

it('the status has the counts per protocol, unreadable inputs, and the variables to send here', async () => {
  const console = await startConsole({ maxBytes: 100_000 });
  const before = Date.now();
  const span = serverSpan(1);
  const line = logLine(1, 'line');
  console.journal.add(span);
  console.journal.add(line);
  await ask(`${console.url}/v1/traces`, { body: 'nonsense' });
  const metrics = [{ name: 'm', gauge: { dataPoints: [{ asInt: 1 }, { asInt: 2 }] } }];
  await ask(`${console.url}/v1/metrics`, { body: { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] } });
  const answer = await ask(`${console.url}/api/status`);
  await console.close();
  const { epoch, startedAt, memory, ...rest }: ConsoleStatus = JSON.parse(answer.body);

  expect(answer.headers['cache-control']).toBe('no-store');
  expect(epoch).toMatch(/^[0-9a-f-]{36}$/);
  expect(startedAt).toBeLessThanOrEqual(before);
  expect(memory).toEqual({ bytes: expect.any(Number), maxBytes: 100_000, evicted: 0 });
  expect(memory.bytes).toBeGreaterThan(0);
  const none = { received: 0, lastReceivedAt: null, unread: 0, lastUnread: null };
  const [unread] = rest.unread;
  expect(rest).toEqual({
    sinks: {
      otlp: { received: 1, lastReceivedAt: span.receivedAt, unread: 1, lastUnread: unread?.reason },
      xray: none,
      'cloudwatch-logs': { ...none, received: 1, lastReceivedAt: line.receivedAt },
      rollbar: none,
    },
    counted: { metrics: 2, otlpLogs: 0 },
    unread: [
      { protocol: 'otlp', reason: expect.any(String), sample: '"nonsense"', receivedAt: expect.any(Number) },
    ],
    runFiles: { loaded: null, saved: null },
    variables: expect.objectContaining({
      OTEL_EXPORTER_OTLP_ENDPOINT: console.url,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${console.xrayPort}`,
      ROLLBAR_ENDPOINT: `${console.url}/api/1/item/`,
    }),
  });
});
