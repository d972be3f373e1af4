import { join } from 'node:path';
import { cached, type RealService, run } from './real-service.ts';

/** The module has no version that Go accepts, so this is the head of its branch. */
const PACKAGE = 'github.com/aws/aws-xray-daemon/cmd/tracing@master';

/** Finds the AWS X-Ray daemon of `XRAY_DAEMON`, or builds one from its source, which needs Go. */
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
