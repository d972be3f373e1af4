import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AUTHORITY, startForwardProxy } from '../../helpers/network/forward-proxy.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { startScriptedCloudwatch } from '../../helpers/telemetry/scripted-cloudwatch.ts';

const DOCTOR = join(import.meta.dirname, '../../../src/cli/doctor.ts');
const startNode = useNodeProcesses();
const folder = mkdtempSync(join(tmpdir(), 'cruddur-doctor-'));
const cloudwatch = await startScriptedCloudwatch({});
afterAll(() => {
  cloudwatch.close();
  rmSync(folder, { recursive: true });
});

const LOGS = {
  CLOUDWATCH_LOG_GROUP: 'cruddur',
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: cloudwatch.endpoint,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'us-east-2',
};

/** Makes a home directory with these files in `.aws`. */
function home(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(folder, 'home-'));
  mkdirSync(join(made, '.aws/sso/cache'), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(made, '.aws', name), content);
  return made;
}

const SSO = `[profile work]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = hush-role
region = us-east-2
[sso-session corp]
sso_start_url = https://hush.awsapps.com/start
sso_region = us-east-2
`;
const LEGACY = SSO.replace(
  'sso_session = corp',
  'sso_start_url = https://hush.awsapps.com/start\nsso_region = us-east-2',
);
/** The file's name is the SHA-1 of the session's name. */
const EXPIRED = {
  'sso/cache/23d2f6ed99fbd6ef7b3b5bbdabbd6fae9a3ae6ab.json':
    '{"accessToken":"hush","expiresAt":"2020-01-01T00:00:00Z"}',
};

/** Answers as STS, in XML, and as CloudWatch Logs, in JSON. */
async function startAws() {
  const server = createServer((request, response) => {
    request.resume();
    const target = request.headers['x-amz-target'];
    if (target === undefined) response.writeHead(200, { 'content-type': 'text/xml' }).end(ROLE);
    else response.end(/Describe/.test(String(target)) ? '{"logStreams":[]}' : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

const ROLE = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t</SessionToken><Expiration>2040-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

describe.concurrent('the doctor never throws', () => {
  it.each<[string, Readonly<Record<string, string>>, number, RegExp]>([
    [
      'without credentials',
      { HOME: home({}) },
      1,
      /no AWS credentials could be loaded .*→ set AWS_ACCESS_KEY_ID/,
    ],
    [
      'with an expired session of SSO',
      { HOME: home({ config: SSO, ...EXPIRED }), AWS_PROFILE: 'work' },
      1,
      /aws sso login --profile work$/m,
    ],
    [
      'with SSO in the old notation',
      { HOME: home({ config: LEGACY }), AWS_PROFILE: 'work' },
      1,
      /aws sso login --profile work$/m,
    ],
    [
      'with a profile that does not exist',
      { HOME: home({ config: SSO }), AWS_PROFILE: 'wrok' },
      1,
      /no AWS credentials .*check the profile wrok in ~\/\.aws\/config/,
    ],
    [
      'with a broken file of profiles',
      {
        HOME: home({ config: '[profile work\n=\n[]\n\u0000[[[', credentials: '{"a":' }),
        AWS_PROFILE: 'work',
      },
      1,
      /no AWS credentials/,
    ],
    [
      'with a broken cache of SSO',
      {
        HOME: home({ config: SSO, 'sso/cache/23d2f6ed99fbd6ef7b3b5bbdabbd6fae9a3ae6ab.json': '{' }),
        AWS_PROFILE: 'work',
      },
      1,
      /aws sso login --profile work$/m,
    ],
    ['without a home directory', { HOME: '/nonexistent' }, 1, /no AWS credentials/],
  ])('%s', async (_, environment, code, printed) => {
    const ended = await startNode([DOCTOR], { cwd: folder, environment: { ...LOGS, ...environment } }).ended;
    expect(ended.stdout + ended.stderr).toMatch(printed);
    expect(ended.stdout + ended.stderr).not.toMatch(/hush|^ {4}at /m);
    expect(ended.code).toBe(code);
  });

  it('with a role by web identity, as on EKS, also where only a proxy leads to AWS', async () => {
    const token = join(folder, 'token');
    writeFileSync(token, 'hush');
    const aws = await startAws();
    const proxy = await startForwardProxy(aws.url);
    const role = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/hush', AWS_WEB_IDENTITY_TOKEN_FILE: token };
    const direct = { AWS_ENDPOINT_URL_STS: aws.url, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: aws.url };
    const proxied = {
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: '',
      HTTPS_PROXY: `127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: AUTHORITY,
    };
    for (const environment of [direct, proxied]) {
      const all = { ...LOGS, HOME: '/nonexistent', ...role, ...environment };
      const { stdout, code } = await startNode([DOCTOR], { cwd: folder, environment: all }).ended;
      expect(stdout).toMatch(/^cloudwatch +works /m);
      expect(code).toBe(0);
    }
    expect(new Set(proxy.targets())).toEqual(
      new Set(['CONNECT sts.us-east-2.amazonaws.com:443', 'CONNECT logs.us-east-2.amazonaws.com:443']),
    );
    await Promise.all([aws.close(), proxy.close()]);
  });

  it('when nobody reads what it prints', async () => {
    const child = spawn(process.execPath, [DOCTOR, '--json'], {
      cwd: folder,
      env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
