import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT, useServices } from '../../helpers/app/service.ts';
import { useDatabase } from '../../helpers/database/databases.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { traceIdOf } from '../../helpers/network/http-client.ts';
import { run } from '../install/real-service.ts';
import { aws } from '../support/aws-cli.ts';
import { describeRealService } from '../support/describe-real-service.ts';
import { useRealServiceProcesses } from '../support/real-service-process.ts';

/** The command that takes each file as its input. */
const COMMANDS: Readonly<Record<string, readonly [service: string, operation: string]>> = {
  'json/task-definition.json': ['ecs', 'register-task-definition'],
  'json/xray-group.json': ['xray', 'create-group'],
  'json/xray.json': ['xray', 'create-sampling-rule'],
};

const files = readdirSync(join(ROOT, 'aws'), { recursive: true, encoding: 'utf8' });
const UNREACHABLE = 'http://127.0.0.1:9';

describeRealService('awsCli', 'AWS CLI', () => {
  it('has a command for each JSON file of aws/', () => {
    expect(files.filter((file) => file.endsWith('.json')).toSorted()).toEqual(
      Object.keys(COMMANDS).toSorted(),
    );
  });

  it.each(Object.entries(COMMANDS))('accepts the parameters of aws/%s', async (file, command) => {
    // The AWS CLI validates parameters before it connects.
    const path = join(ROOT, 'aws', file);
    const validate = (json: string) => aws(UNREACHABLE, ...command, '--cli-input-json', json);
    await expect(validate(`file://${path}`)).rejects.toThrow('Could not connect');

    const misspelt = { ...JSON.parse(readFileSync(path, 'utf8')), Misspelt: 1 };
    await expect(validate(JSON.stringify(misspelt))).rejects.toThrow('Parameter validation failed');
  });
});

describeRealService('awsCli', 'The local console, called by the AWS CLI', () => {
  const db = useDatabase('postgres');
  const services = useServices();
  const startRealService = useRealServiceProcesses();
  let url: string;
  let traceId: string;

  beforeAll(async () => {
    const [port, xrayPort] = [await freePort(), await freePort()];
    const env = { CONSOLE_PORT: String(port), CONSOLE_XRAY_PORT: String(xrayPort) };
    // Not through npm, which does not pass SIGTERM on to its grandchild.
    const main = join(ROOT, 'console/src/main.ts');
    await startRealService(process.execPath, ['--disable-warning=ExperimentalWarning', main], { port, env });
    url = `http://127.0.0.1:${port}`;
    const service = await services.start({
      DATABASE_URL: db.url,
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${xrayPort}`,
      CLOUDWATCH_LOG_GROUP: 'cruddur',
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    traceId = traceIdOf(await service.ask('/api/activities/home'));
    await service.stop();
  });

  it('returns the log lines of a trace', async () => {
    const { events } = await aws(
      url,
      'logs',
      'filter-log-events',
      '--log-group-name',
      'cruddur',
      '--filter-pattern',
      `{ $.trace_id = "${traceId}" && $.full_path = "*" }`,
    );
    expect(events.map(({ message }: { message: string }) => JSON.parse(message).message)).toEqual([
      'GET /api/activities/home 200',
    ]);
  });

  it('returns the sampling rules', async () => {
    const { SamplingRuleRecords: records } = await aws(url, 'xray', 'get-sampling-rules');
    expect(records[0].SamplingRule).toMatchObject({ RuleName: 'Console', FixedRate: 1 });
  });

  it('returns the segments of a trace', async () => {
    const id = `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
    const { Traces: traces } = await aws(url, 'xray', 'batch-get-traces', '--trace-ids', id);
    expect(traces).toMatchObject([{ Id: id }]);
    expect(JSON.parse(traces[0].Segments[0].Document)).toMatchObject({ name: 'backend-express' });
  });
});

describeRealService('awsCli', 'The local console, on a loaded recording, called by the AWS CLI', () => {
  const startRealService = useRealServiceProcesses();
  const group = ['--log-group-name', 'cruddur'];
  let url: string;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
    const recording = join(folder, 'run.ndjson');
    const log = { group: 'cruddur', stream: 'backend-express/host', timestamp: Date.now(), message: 'hello' };
    const lines = [
      { format: 'cruddur-console', version: 1 },
      { kind: 'log', receivedAt: Date.now(), log },
    ];
    await writeFile(recording, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const [port, xrayPort] = [await freePort(), await freePort()];
    const env = { CONSOLE_PORT: String(port), CONSOLE_XRAY_PORT: String(xrayPort) };
    const main = join(ROOT, 'console/src/main.ts');
    const args = ['--disable-warning=ExperimentalWarning', main, '--load', recording];
    await startRealService(process.execPath, args, { port, env });
    url = `http://127.0.0.1:${port}`;
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('describes its streams, and returns and filters its lines', async () => {
    expect(await aws(url, 'logs', 'describe-log-streams', ...group)).toMatchObject({
      logStreams: [{ logStreamName: 'backend-express/host' }],
    });
    expect(await aws(url, 'logs', 'filter-log-events', ...group, '--interleaved')).toMatchObject({
      events: [{ message: 'hello' }],
    });
    const stream = ['--log-stream-name', 'backend-express/host'];
    expect(await aws(url, 'logs', 'get-log-events', ...group, ...stream)).toMatchObject({
      events: [{ message: 'hello' }],
    });
  });

  it.each([
    ['UnknownOperationException', ['logs', 'describe-metric-filters']],
    ['UnknownOperationException', ['xray', 'get-service-graph', '--start-time', '1', '--end-time', '2']],
    ['ResourceNotFoundException', ['logs', 'describe-log-streams', '--log-group-name', 'none']],
    ['ResourceAlreadyExistsException', ['logs', 'create-log-group', ...group]],
    ['InvalidParameterException', ['logs', 'create-log-group', '--log-group-name', 'a b']],
    [
      'InvalidParameterException',
      ['logs', 'create-log-group', '--log-group-name', 'g', '--log-group-class', 'CHEAP'],
    ],
  ])('fails with %s, which the CLI names: %s', async (name, args) => {
    await expect(aws(url, ...args)).rejects.toThrow(`(${name})`);
  });
});

const templates = files.filter((file) => /\.(ya?ml|template)$/.test(file));

describeRealService('cfnLint', 'cfn-lint', ({ path: PYTHONPATH }) => {
  it('accepts the templates of aws/', async () => {
    expect(templates).not.toEqual([]);
    const paths = templates.map((file) => join(ROOT, 'aws', file));
    const options = ['--regions', 'us-east-2', '--non-zero-exit-code', 'informational', '--'];
    await run('python3', [join(PYTHONPATH, 'bin/cfn-lint'), ...options, ...paths], { env: { PYTHONPATH } });
  });
});
