import { join } from 'node:path';
import { cached, type RealService, run } from './real-service.ts';

/** The module has no version that Go takes, so it is the head of its one branch. */
const PACKAGE = 'github.com/aws/aws-xray-daemon/cmd/tracing@master';

/** The AWS X-Ray daemon that `XRAY_DAEMON` names, or else one built from its source, which needs Go. */
export async function installXrayDaemon(): Promise<RealService> {
  const path = process.env.XRAY_DAEMON || (await build());
  const [, version = 'unknown'] = /version: (\S+)/.exec(await run(path, ['--version'])) ?? [];
  return { version, path };
}

async function build(): Promise<string> {
  const folder = await cached('xray-daemon', (GOBIN) =>
    run('go', ['install', PACKAGE], { env: { GOBIN, CGO_ENABLED: '0' } }),
  );
  return join(folder, 'tracing');
}
