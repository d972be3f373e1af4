import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from '../helpers/app/service.ts';
import { useNodeProcesses } from '../helpers/process/node-process.ts';

const cwd = mkdtempSync(join(tmpdir(), 'cruddur-daemon-config-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const startNode = useNodeProcesses();

const FALLBACK = { TELEMETRY_FALLBACK_URL: 'http://console:4568' };
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'hush', AWS_REGION: 'eu-west-1' };

it.each([
  ['the fallback', FALLBACK, { Version: 2, Region: 'ca-central-1', Endpoint: 'http://console:4568' }],
  ["X-Ray in the keys' region", { ...FALLBACK, ...KEYS }, { Version: 2, Region: 'eu-west-1' }],
])('the X-Ray daemon is configured to send to %s', async (_name, environment, expected) => {
  const args = [join(ROOT, 'src/cli/write-daemon-config.ts'), 'cfg.yaml'];
  expect(await startNode(args, { cwd, environment }).ended).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(readFileSync(join(cwd, 'cfg.yaml'), 'utf8'))).toEqual(expected);
});
