import { afterAll, expect, it } from 'vitest';
import { useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { traceIdOf } from '../../helpers/network/http-client.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../../helpers/telemetry/sampling-rules.ts';

const ASKED = 60;
const SPANS_PER_SECOND = 6;

const receivers = await startReceivers();
afterAll(receivers.close);
const db = useDatabase('postgres');
const services = useServices();

it('OTEL_SPANS_PER_SECOND bounds the spans by whole traces, and /telemetry counts those refused', async () => {
  const service = await services.start({
    ...receivers.environment,
    DATABASE_URL: db.url,
    OTEL_SPANS_PER_SECOND: String(SPANS_PER_SECOND),
  });
  await rulesArrived(service, receivers);
  const start = performance.now();
  const answers = [];
  for (let n = 0; n < ASKED; n += 1) answers.push(await service.ask('/api/activities/home'));
  const { honeycomb, xray } = await service.telemetry();
  const seconds = (performance.now() - start) / 1000;
  expect(await service.stop()).toMatchObject({ code: 0 });

  const requests = receivers.spans().filter(({ kind }) => kind === 'server');
  // The request for /telemetry is one, too.
  expect(honeycomb.limited).toBe(ASKED + 1 - requests.length);
  expect(xray).not.toHaveProperty('limited');
  // One second's worth at once, then as many as come up, and what the last trace has left to record.
  expect(receivers.spans().length).toBeLessThanOrEqual(SPANS_PER_SECOND * (1 + seconds) + 3);
  expect(requests.length).toBeGreaterThanOrEqual(2);

  const recorded = answers.filter(({ headers }) => String(headers.traceresponse).endsWith('-01'));
  const traces = Map.groupBy(receivers.spans(), ({ traceId }) => traceId);
  for (const answer of recorded) expect(traces.get(traceIdOf(answer))).toHaveLength(3);
  // Segments have a limit of their own: X-Ray's rules.
  expect(receivers.segments().length).toBeGreaterThanOrEqual(ASKED);
});
