import { afterAll, expect, it } from 'vitest';
import { useServices } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { insertActivity } from '../helpers/database/rows.ts';
import { startReceivers } from '../helpers/telemetry/receivers.ts';
import { until } from '../helpers/until.ts';

const receivers = await startReceivers();
afterAll(receivers.close);
const db = useDatabase('postgres');
const services = useServices();

it('the service deletes what has expired, as one line and one span in a trace of its own', async () => {
  const GONE = { createdAt: `now() - interval '2 h'`, expiresAt: `now() - interval '1 ms'` };
  const thread = await insertActivity(db.database, GONE);
  await insertActivity(db.database, { replyTo: thread });
  const service = await services.start({
    ...receivers.environment,
    DATABASE_URL: db.url,
    CLEANUP_INTERVAL_MS: '100',
  });
  const line = await until(() => service.lines().find(({ message }) => message === 'deleted expired rows'));
  expect(line).toMatchObject({ level: 'info', deleted_activities: 2 });
  expect(await service.stop()).toMatchObject({ code: 0, stderr: '' });
  const span = await until(() => receivers.spans().find(({ name }) => name === 'delete-expired'));
  expect(span).toMatchObject({
    kind: 'internal',
    scope: { name: 'delete.expired' },
    attributes: { 'app.deleted_activities': 2, 'app.now': expect.stringMatching(/^\d{4}-.*Z$/) },
  });
  expect(span.parentSpanId ?? '').toBe('');
  expect(receivers.spans().filter(({ traceId }) => traceId === span.traceId)).toHaveLength(1);
  expect(receivers.spans().filter(({ name }) => /DELETE|advisory/.test(name))).toEqual([]);
});
