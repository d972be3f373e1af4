import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseLines, useServices } from '../helpers/app/service.ts';
import { freePort } from '../helpers/network/free-port.ts';
import { ask } from '../helpers/network/http-client.ts';
import { exchange, openRaw } from '../helpers/network/raw-http.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';
import { until } from '../helpers/until.ts';

/** AWS's schema of the embedded metric format, stricter where the specification's text asks for more. */
const EmbeddedMetrics = z.looseObject({
  _aws: z.strictObject({
    Timestamp: z.int().positive(),
    CloudWatchMetrics: z
      .array(
        z.strictObject({
          Namespace: z.string().min(1).max(255),
          Dimensions: z.array(z.array(z.string().min(1).max(255)).max(9)).min(1),
          Metrics: z
            .array(z.strictObject({ Name: z.string().min(1).max(255), Unit: z.literal('Count') }))
            .min(1)
            .max(100),
        }),
      )
      .length(1),
  }),
  Requests: z.int().min(0),
  Faults: z.int().min(0),
});

const receivers = await startReceivers();
afterAll(() => receivers.close());
const services = useServices();

/** Starts a service whose database is down, without a line that would tell when it listens. */
async function startQuietly(stream: string, environment: Readonly<Record<string, string>>) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = services.launch({
    ...environment,
    CLOUDWATCH_LOG_STREAM: stream,
    DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none`,
    PORT: String(port),
    LOG_LEVEL: 'error',
  });
  await until(async () => (await ask(`${url}/livez`)).status === 200, 10_000);
  const eventsOf = () =>
    receivers
      .logEvents()
      .filter((event) => event.stream === stream && '_aws' in event.fields)
      .map(({ fields, timestamp }) => ({ ...EmbeddedMetrics.parse(fields), sentAt: timestamp }));
  return {
    ...service,
    port,
    get: (path: string, method = 'GET') => ask(`${url}${path}`, { method }),
    eventsOf,
    printed: () => parseLines(service.stdout()).filter((line) => '_aws' in line),
    async stop() {
      service.child.kill('SIGTERM');
      expect(await service.ended).toMatchObject({ code: 0 });
    },
  };
}

describe.concurrent('the counts of requests and faults', () => {
  it('reach CloudWatch at LOG_LEVEL=error, without probes and without what Node refuses', async () => {
    const service = await startQuietly('counts', receivers.environment);
    expect((await service.get('/telemetry')).status).toBe(200);
    expect((await service.get('/telemetry', 'HEAD')).status).toBe(200);
    expect((await service.get('/nowhere')).status).toBe(404);
    expect((await service.get('/api/activities/home')).status).toBe(503);
    expect((await service.get('/api/activities/home', 'HEAD')).status).toBe(503);
    for (const probe of ['/livez', '/readyz', '/api/health-check']) await service.get(probe);
    expect(await exchange(service.port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    // Its client disconnects before the body has come: a request, and no fault.
    const body = 'POST /api/activities HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const socket = await openRaw(service.port, `${body}Content-Length: 9\r\n\r\n{`);
    await until(() => socket.bytesWritten > 0);
    socket.resetAndDestroy();
    await service.get('/nowhere');
    await service.stop();

    const [event, ...others] = service.eventsOf();
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Cruddur',
            Dimensions: [[]],
            Metrics: [
              { Name: 'Requests', Unit: 'Count' },
              { Name: 'Faults', Unit: 'Count' },
            ],
          },
        ],
      },
      level: 'info',
      service: 'backend-express',
      Requests: 7,
      Faults: 2,
    });
    expect(event?._aws.Timestamp).toBe(event?.sentAt);
    expect(service.printed()).toEqual([]);
  });

  it('go to standard output alone with CLOUDWATCH_METRICS=stdout, also when CloudWatch is on', async () => {
    const service = await startQuietly('stdout', {
      ...receivers.environment,
      CLOUDWATCH_METRICS: 'stdout',
    });
    await service.get('/telemetry');
    await service.stop();
    const printed = service.printed().map((line) => EmbeddedMetrics.parse(line));
    expect(printed).toMatchObject([{ Requests: 1, Faults: 0 }]);
    expect(service.eventsOf()).toEqual([]);
  });
});
