import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/cli/doctor/check-result.ts';
import { ROOT } from '../../helpers/app/service.ts';
import { until } from '../../helpers/until.ts';
import { type ComposeProject, createComposeProject } from '../support/compose-project.ts';
import { describeRealService } from '../support/describe-real-service.ts';

const KEYS = `
HONEYCOMB_API_KEY=hcaik-fake
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=fake
AWS_REGION=eu-west-1
ROLLBAR_ACCESS_TOKEN=fakefakefakefakefakefakefakefake
CODESPACE_NAME=fluffy-parakeet
GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN=app.github.dev
`;

/** Runs in the container, whose image has no tests; it sends nothing. */
const PRINT_CONFIG = 'test/fixtures/print-config.ts';

describeRealService('docker', 'Docker Compose with keys in .env', ({ path }) => {
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-compose-'));
  let project: ComposeProject;

  beforeAll(async () => {
    project = await createComposeProject(path, folder, KEYS);
    await project.compose('build', 'backend');
  });
  afterAll(async () => {
    await project.compose('down', '--volumes');
    rmSync(folder, { recursive: true });
  });

  it('passes the keys to the services that use them', async () => {
    const config = await project.compose('config');
    expect(config).toContain('HONEYCOMB_API_KEY: hcaik-fake');
    expect(config).toContain('ROLLBAR_ACCESS_TOKEN: fakefakefakefakefakefakefakefake');
    expect(config.match(/AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE/g)?.length).toBeGreaterThan(1);
  });

  it('sends to the clouds, and allows the origins of the workspace', async () => {
    const mount = `${join(ROOT, PRINT_CONFIG)}:/app/${PRINT_CONFIG}:ro`;
    const run = ['run', '--rm', '--no-deps', '-T', '--volume', mount, 'backend', PRINT_CONFIG];
    const { sinks, config } = JSON.parse(await project.compose(...run));
    expect(sinks).toEqual({
      honeycomb: 'api.honeycomb.io',
      xray: 'xray-daemon:2000',
      cloudwatch: 'logs.eu-west-1.amazonaws.com',
      rollbar: 'api.rollbar.com',
    });
    expect(config).toMatchObject({
      otlp: { headers: { 'x-honeycomb-team': 'hcaik-fake' } },
      xray: { namePattern: '*fluffy-parakeet-4567.app.github.dev*' },
      allowedOrigins: [
        'https://fluffy-parakeet-3000.app.github.dev',
        'https://fluffy-parakeet-4567.app.github.dev',
      ],
    });
  });

  it('serves requests when no key is accepted, and the doctor gives advice on each', async () => {
    await project.compose('up', '--detach', 'backend');
    await until(async () => (await project.ask('/readyz')).status === 200, 60_000);
    expect((await project.ask('/api/activities/home')).status).toBe(200);

    const doctor = ['exec', '-T', 'backend', 'node', 'src/cli/doctor.ts', '--json'];
    const { code, stdout } = await project.compose(...doctor).catch((error) => error);
    expect(code).toBe(1);
    const { ok, findings }: { ok: boolean; findings: CheckResult[] } = JSON.parse(stdout);
    expect(ok).toBe(false);
    const failing = findings.filter(({ state }) => state === 'fails');
    expect(failing.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['honeycomb', 'cloudwatch', 'rollbar']),
    );
    for (const { name, advice } of failing) expect(advice, name).toBeTruthy();
    expect(findings.map(({ state }) => state)).not.toContain('off');
    expect(stdout).not.toMatch(/hcaik-fake|fakefake/);
  });

  it("sends the daemon to the region's X-Ray", async () => {
    const run = ['run', '--rm', '--no-deps', '-T', 'xray-config', 'src/cli/write-daemon-config.ts'];
    expect(JSON.parse(await project.compose(...run))).toEqual({ Version: 2, Region: 'eu-west-1' });
  });
});
