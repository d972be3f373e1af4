import { afterAll, beforeAll, expect, test } from 'vitest';
import { useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { traceIdOf } from '../../helpers/network/http-client.ts';
import { startReceivers } from '../../helpers/telemetry/receivers.ts';
import { rulesArrived } from '../../helpers/telemetry/sampling-rules.ts';
import { type Trace, waitForTrace } from '../../helpers/telemetry/wait-for-trace.ts';

const PATH = '/api/activities/home';

const receivers = await startReceivers();
afterAll(receivers.close);
const db = useDatabase('postgres');
const services = useServices();
let accepted: Trace;
let limited: Trace;

beforeAll(async () => {
  const service = await services.start({
    ...receivers.environment,
    DATABASE_URL: db.url,
    TRUST_PROXY: 'on',
    RATE_LIMIT_STORE: 'database',
    RATE_LIMIT_READS: '1/1h',
  });
  await rulesArrived(service, receivers);
  const client = { headers: { 'x-forwarded-for': '198.51.100.20' } };
  const answers = [await service.ask(PATH, client), await service.ask(PATH, client)];
  expect(answers.map(({ status }) => status)).toEqual([200, 429]);
  await service.stop();
  const traces = answers.map((answer) =>
    waitForTrace(receivers, traceIdOf(answer), 'spans', 'segments', 'logs'),
  );
  [accepted, limited] = (await Promise.all(traces)) as [Trace, Trace];
});

test('a 429 is a throttle in X-Ray, not a fault', () => {
  expect(limited.segments).toMatchObject([
    { throttle: true, error: true, http: { response: { status: 429 } } },
  ]);
  expect(limited.segments[0]).not.toHaveProperty('fault');
  expect(limited.segments[0]).not.toHaveProperty('subsegments');
});

test('its span is not an error and has no children', () => {
  expect(limited.spans).toMatchObject([
    { kind: 'server', status: { code: 'unset' }, attributes: { 'http.response.status_code': 429 } },
  ]);
});

test('it is one warning in the log, and no report', () => {
  expect(limited.logs.map(({ fields }) => fields)).toMatchObject([
    { level: 'warn', message: `GET ${PATH} 429`, remote_addr: '198.51.100.20' },
  ]);
  expect(receivers.reports()).toEqual([]);
});

test('counting in the database adds nothing to the trace of a request', () => {
  expect(accepted.spans.map(({ name }) => name)).not.toContain('INSERT rate_limits');
  expect(JSON.stringify(accepted.segments)).not.toContain('rate_limits');
});
