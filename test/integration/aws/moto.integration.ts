import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, type Service, useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { traceIdOf } from '../../helpers/network/http-client.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { type Receivers, startReceivers } from '../../helpers/telemetry/receivers.ts';
import { until } from '../../helpers/until.ts';
import { aws } from '../support/aws-cli.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useRealServiceProcesses } from '../support/real-service-process.ts';

const LOGS = { group: 'cruddur-integration', stream: 'web/one' };

describeRealService('moto', "moto's AWS", ({ path: PYTHONPATH }) => {
  const db = useDatabase('postgres');
  const services = useServices();
  const startRealService = useRealServiceProcesses();
  const startNode = useNodeProcesses();
  let receivers: Receivers;
  let service: Service;
  let moto: string;

  beforeAll(async () => {
    receivers = await startReceivers();
    const port = await freePort();
    moto = `http://127.0.0.1:${port}`;
    await startRealService('python3', ['-m', 'moto.server', '--port', String(port)], {
      port,
      env: { PYTHONPATH },
    });
    service = await services.start({ ...receivers.environment, ...logsTo(LOGS), DATABASE_URL: db.url });
    const body = ['--template-body', `file://${join(ROOT, 'aws/cruddur.yaml')}`];
    const capabilities = ['--capabilities', 'CAPABILITY_NAMED_IAM'];
    await aws(moto, 'cloudformation', 'create-stack', '--stack-name', 'cruddur', ...body, ...capabilities);
  });
  afterAll(() => receivers.close());

  const logsTo = ({ group, stream }: typeof LOGS) => ({
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: moto,
    CLOUDWATCH_LOG_GROUP: group,
    CLOUDWATCH_LOG_STREAM: stream,
    CLOUDWATCH_LOG_RETENTION_DAYS: '7',
  });

  /** Returns the doctor's line on CloudWatch Logs for a user with the permission for these actions only. */
  async function doctorWith(actions: readonly string[]): Promise<string> {
    // moto checks actions only: it ignores statements whose resource is not `*`.
    const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
    const document = JSON.stringify({ Version: '2012-10-17', Statement });
    const user = ['--user-name', randomUUID()];
    await aws(moto, 'iam', 'create-user', ...user);
    const policy = ['--policy-name', 'logs', '--policy-document', document];
    await aws(moto, 'iam', 'put-user-policy', ...user, ...policy);
    const { AccessKey: key } = await aws(moto, 'iam', 'create-access-key', ...user);
    const { CLOUDWATCH_LOG_RETENTION_DAYS: _, ...environment } = {
      ...logsTo({ group: 'cruddur', stream: randomUUID() }),
      AWS_ACCESS_KEY_ID: key.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: key.SecretAccessKey,
    };
    await requireRights(true);
    const doctor = startNode([join(ROOT, 'src/cli/doctor.ts')], { cwd: tmpdir(), environment });
    const { stdout } = await doctor.ended;
    await requireRights(false);
    return /^cloudwatch.*/m.exec(stdout)?.[0] ?? stdout;
  }

  /** Makes moto check the permissions of each request, or of none. */
  const requireRights = (on: boolean) =>
    fetch(`${moto}/moto-api/reset-auth`, { method: 'POST', body: on ? '0' : '1000000' });

  const allEvents = async (): Promise<Record<string, unknown>[]> => {
    const stream = ['--log-group-name', LOGS.group, '--log-stream-name', LOGS.stream];
    const { events } = await aws(moto, 'logs', 'get-log-events', ...stream);
    return events.map(({ message }: { message: string }) => JSON.parse(message));
  };
  const eventsOf = async (traceId: string) =>
    (await allEvents()).filter(({ trace_id }) => trace_id === traceId);

  it('has the log lines of a request, in the group and the stream that the service created', async () => {
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

  it('has the configured retention', async () => {
    const { logGroups } = await aws(moto, 'logs', 'describe-log-groups');
    expect(logGroups).toContainEqual(
      expect.objectContaining({ logGroupName: LOGS.group, retentionInDays: 7 }),
    );
  });

  it("processes the service's segments in PutTraceSegments", async () => {
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

  it('creates the resources of the template', async () => {
    const { Stacks } = await aws(moto, 'cloudformation', 'describe-stacks', '--stack-name', 'cruddur');
    expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);
    const { logGroups } = await aws(moto, 'logs', 'describe-log-groups');
    expect(logGroups).toContainEqual(
      expect.objectContaining({ logGroupName: 'cruddur', retentionInDays: 7 }),
    );
    const { Roles } = await aws(moto, 'iam', 'list-roles');
    const names = Roles.map(({ RoleName }: { RoleName: string }) => RoleName);
    expect(names.toSorted()).toEqual(['cruddur-execution', 'cruddur-task']);
  });

  it("needs each action of the template's policy to accept log lines", async () => {
    const { Policies } = await aws(moto, 'iam', 'list-policies', '--scope', 'Local');
    const { Arn } = Policies.find(({ PolicyName }: { PolicyName: string }) => PolicyName === 'cruddur-logs');
    const version = ['--policy-arn', Arn, '--version-id', 'v1'];
    const { PolicyVersion } = await aws(moto, 'iam', 'get-policy-version', ...version);
    const actions: string[] = PolicyVersion.Document.Statement.flatMap(
      ({ Action }: { Action: string | string[] }) => Action,
    );
    expect(actions.length).toBeGreaterThan(1);
    expect(await doctorWith(actions)).toMatch(/^cloudwatch +works/);
    for (const missing of actions)
      expect(await doctorWith(actions.filter((action) => action !== missing)), missing).toMatch(
        /^cloudwatch +fails .*attach the policy cruddur-logs/,
      );
  });

  it('has the counts of requests and faults, at the latest when the service has ended', async () => {
    expect((await service.ask('/api/nowhere')).status).toBe(404);
    expect(await service.stop()).toMatchObject({ code: 0 });
    const events = (await allEvents()).filter((event) => '_aws' in event);
    expect(events.length).toBeGreaterThan(0);
    const sum = (name: string) => events.reduce((total, event) => total + Number(event[name]), 0);
    expect(sum('Requests')).toBeGreaterThan(0);
    expect(sum('Faults')).toBe(0);
  });
});
