import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useDatabase } from '../helpers/databases.ts';
import { traceIdOf } from '../helpers/http-client.ts';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { ROOT, type Service, useServices } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';
import { aws } from './aws-cli.ts';
import { describePeer } from './describe-peer.ts';
import { freePort } from './free-port.ts';
import { startPeer } from './peer-process.ts';

const LOGS = { group: 'cruddur-peers', stream: 'web/one' };
const templates = readdirSync(join(ROOT, 'aws')).filter((file) => /\.ya?ml$/.test(file));

describePeer('moto', "moto's AWS", ({ path: PYTHONPATH }) => {
  const db = useDatabase('postgres');
  const services = useServices();
  let receivers: Receivers;
  let service: Service;
  let moto: string;

  beforeAll(async () => {
    receivers = await startReceivers();
    const port = await freePort();
    moto = `http://127.0.0.1:${port}`;
    await startPeer('python3', ['-m', 'moto.server', '--port', String(port)], { port, env: { PYTHONPATH } });
    service = await services.start({
      ...receivers.environment,
      DATABASE_URL: db.url,
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: moto,
      CLOUDWATCH_LOG_GROUP: LOGS.group,
      CLOUDWATCH_LOG_STREAM: LOGS.stream,
      CLOUDWATCH_LOG_RETENTION_DAYS: '7',
    });
  });
  afterAll(() => receivers.close());

  const eventsOf = async (traceId: string) => {
    const stream = ['--log-group-name', LOGS.group, '--log-stream-name', LOGS.stream];
    const { events } = await aws(moto, 'logs', 'get-log-events', ...stream);
    return events
      .map(({ message }: { message: string }) => JSON.parse(message))
      .filter((line: { trace_id?: string }) => line.trace_id === traceId);
  };

  it('has the log lines of a request, in the group and the stream that the service made', async () => {
    const traceId = traceIdOf(await service.ask('/api/activities/home'));
    const lines = await until(async () => {
      const found = await eventsOf(traceId);
      return found.length === 2 && found;
    }, 30_000);
    expect(lines).toMatchObject([
      { message: 'HomeActivities' },
      { message: 'GET /api/activities/home 200', status: 200 },
    ]);
    expect((await service.telemetry()).cloudwatch).toMatchObject({ dropped: 0, last_error: null });
  });

  it('keeps them as long as the service was told', async () => {
    const { logGroups } = await aws(moto, 'logs', 'describe-log-groups');
    expect(logGroups).toMatchObject([{ logGroupName: LOGS.group, retentionInDays: 7 }]);
  });

  it("takes the service's segments in PutTraceSegments, and none is left unprocessed", async () => {
    const traceId = traceIdOf(await service.ask('/api/activities/home'));
    const id = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    const segment = await receivers.until(() => receivers.segments().find(({ trace_id }) => trace_id === id));
    const documents = ['--trace-segment-documents', JSON.stringify(segment)];
    expect(await aws(moto, 'xray', 'put-trace-segments', ...documents)).toEqual({
      UnprocessedTraceSegments: [],
    });
    const { Traces: traces } = await aws(moto, 'xray', 'batch-get-traces', '--trace-ids', id);
    expect(traces).toMatchObject([{ Id: id }]);
  });

  it.skipIf(templates.length === 0)('makes a stack of each template', async () => {
    for (const [index, file] of templates.entries()) {
      const stack = ['--stack-name', `stack-${index}`];
      const body = ['--template-body', `file://${join(ROOT, 'aws', file)}`];
      await aws(
        moto,
        'cloudformation',
        'create-stack',
        ...stack,
        ...body,
        '--capabilities',
        'CAPABILITY_IAM',
      );
      const { Stacks: stacks } = await aws(moto, 'cloudformation', 'describe-stacks', ...stack);
      expect(stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);
    }
  });
});
