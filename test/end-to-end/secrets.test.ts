import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NODE_ARGUMENTS } from '../../src/cli/launcher/node-arguments.ts';
import { ROOT, useServices } from '../helpers/app/service.ts';
import { ask } from '../helpers/network/http-client.ts';
import { useNodeProcesses } from '../helpers/process/node-process.ts';
import { type Receivers, startReceivers } from '../helpers/telemetry/receivers.ts';

const PROGRAM = join(ROOT, 'test/fixtures/secret-faults.ts');
const FAILING_PRELOAD = join(ROOT, 'test/fixtures/fail-while-starting.ts');

/** Part of every secret. Nothing that leaves the process may contain it. */
const MARK = 'Zq7hush';

/** The process's own secrets, which have no form by which they can be recognised. */
const OWN = {
  HONEYCOMB_API_KEY: `${MARK}honeycomb`,
  ROLLBAR_ACCESS_TOKEN: `${MARK}rollbar`,
  DATABASE_PASSWORD: `${MARK} database`,
  AWS_SECRET_ACCESS_KEY: `${MARK}/aws/secret`,
  AWS_SESSION_TOKEN: `${MARK}+session==`,
};
const IN_URL = `${MARK}-in-url`;
const IN_HEADER = `${MARK}-in-header`;

const SECRETS = [
  `postgres://app:p@${MARK}@db:5432/cruddur`,
  `https://${MARK}@o1.ingest.sentry.io/1`,
  `GET /x?access_token=${MARK}&x=1 failed`,
  `Server=x;Password=a ${MARK};Encrypt=true`,
  `host=db password='a ${MARK}' user=x`,
  `{"password":"${MARK}"}`,
  `{ token: '${MARK}' }`,
  `Authorization: Bearer ${MARK}`,
  `Cookie: a=${MARK}`,
  ...Object.values(OWN).map((secret) => `got ${secret} back`),
  `got ${IN_URL}, ${IN_HEADER} back`,
];

function environmentOf({ environment }: Receivers): Record<string, string> {
  return {
    ...environment,
    ...OWN,
    PORT: '0',
    DATABASE_URL: `postgres://app:${IN_URL}@127.0.0.1:1/none`,
    OTEL_EXPORTER_OTLP_HEADERS: `x-other=${IN_HEADER}`,
    SECRETS: JSON.stringify(SECRETS),
    MARK,
  };
}

/** Everything that left the process, besides credentials in headers. */
function wire(receivers: Receivers): string {
  const bodies = receivers.requests().map(({ body, headers }) => {
    const zipped = headers['content-encoding'] === 'gzip' && body[0] === 0x1f;
    return String(zipped ? gunzipSync(body) : body);
  });
  return [...bodies, JSON.stringify(receivers.segments())].join('\n');
}

function expectNoSecret(text: string): void {
  const at = text.indexOf(MARK);
  expect(at < 0 ? '' : text.slice(Math.max(0, at - 120), at + 40)).toBe('');
}

/** Returns how often something of this level occurred, and in how many reports. */
function countReports(receivers: Receivers, wanted: string): { reports: number; occurrences: number } {
  const found = receivers.reports().filter(({ level }) => level === wanted);
  const counts = found.map(({ custom }) => (custom as { occurrences?: number }).occurrences ?? 1);
  return { reports: found.length, occurrences: counts.reduce((sum, count) => sum + count, 0) };
}

describe('a secret in an error', () => {
  const start = useNodeProcesses();
  const run = (receivers: Receivers, ...args: string[]) =>
    start([...NODE_ARGUMENTS, PROGRAM, ...args], { cwd: tmpdir(), environment: environmentOf(receivers) });

  it('leaves the process nowhere, and the rest of the error does', async () => {
    const receivers = await startReceivers();
    const service = run(receivers);
    const [, url] = await service.printed(/listening at (http:[^"]+)"/);
    await receivers.until(() => receivers.requests('xray').some(({ path }) => path === '/GetSamplingRules'));
    for (let turn = 0; turn < 2; turn += 1) await ask(`${url}/livez`);
    const kinds = ['message', 'stack', 'cause', 'aggregate', 'string', 'object', 'name', 'unavailable'];
    await Promise.all(Array.from({ length: 60 }, () => ask(`${url}/rollbar/test`)));
    const answers = [];
    for (const kind of [...kinds, 'status', 'frozen', 'fields', 'cut'])
      answers.push(await ask(`${url}/fault/${kind}`));
    answers.push(await ask(`${url}/telemetry`));
    service.child.kill('SIGTERM');
    const { stdout, stderr, code } = await service.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(answers.map(({ status }) => status)).toEqual([
      500, 500, 500, 500, 500, 500, 500, 503, 502, 500, 500, 500, 200,
    ]);
    for (const { body } of answers) expectNoSecret(body);
    expectNoSecret(stdout);
    expectNoSecret(wire(receivers));

    const kept = 'postgres://[redacted]@db:5432/cruddur';
    expect(stdout).toContain(kept);
    expect(JSON.stringify(receivers.spans())).toContain(kept);
    expect(JSON.stringify(receivers.segments())).toContain(kept);
    expect(JSON.stringify(receivers.logEvents())).toContain(kept);
    expect(JSON.stringify(receivers.reports())).toContain(kept);
    expect(JSON.stringify(receivers.reports())).not.toContain('****');
    expect(answers.at(-1)?.body).toContain(kept);
    expect(receivers.segments().length).toBeGreaterThan(9);
    // Sixty messages have not kept the faults waiting.
    expect(countReports(receivers, 'error')).toEqual({ reports: 12, occurrences: 12 });
    expect(countReports(receivers, 'warning')).toEqual({ reports: 21, occurrences: 60 });
    await receivers.close();
  });

  it('that nothing catches leaves the process nowhere', async () => {
    const receivers = await startReceivers();
    const { stdout, stderr, code } = await run(receivers, 'crash').ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expectNoSecret(stdout);
    expectNoSecret(wire(receivers));
    expect(stdout).toContain('uncaught exception: postgres://[redacted]@db');
    expect(stdout).toContain('unhandled rejection: ');
    expect(JSON.stringify(receivers.reports())).toContain('postgres://[redacted]@db');
    await receivers.close();
  });
});

describe.concurrent('a start that fails', () => {
  const services = useServices();

  it('prints the error without its secrets', async () => {
    const receivers = await startReceivers();
    const environment = environmentOf(receivers);
    const { code, stdout, stderr } = await services.launch(environment, { preload: [FAILING_PRELOAD] }).ended;
    expect(code).toBe(1);
    expectNoSecret(stdout + stderr);
    expect(stderr).toContain('postgres://[redacted]@db');
    expect(stderr).toContain('fail-while-starting.ts:');
    await receivers.close();
  });

  it.each([
    `postgres://app:${MARK}@db:port/x`,
    `postgres://app:${MARK}%zz@db/x`,
    `postgres:app:${MARK}@db`,
    `postgres://app:x@db/x?password=${MARK}&sslmode=${MARK}`,
  ])('with DATABASE_URL=%s prints no part of it', async (url) => {
    const { code, stdout, stderr } = await services.launch({ DATABASE_URL: url }).ended;
    expect(code).toBe(78);
    expect(stderr).toContain('DATABASE_URL');
    expectNoSecret(stdout + stderr);
  });
});
