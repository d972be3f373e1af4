import { join } from 'node:path';
import { cached, type Peer, run } from './peer.ts';

/** The module has no version that Go takes, so it is the head of its one branch. */
const PACKAGE = 'github.com/aws/aws-xray-daemon/cmd/tracing@master';

/** Builds the AWS X-Ray daemon. Needs Go. */
export async function installXrayDaemon(): Promise<Peer> {
  const folder = await cached('xray-daemon', (GOBIN) =>
    run('go', ['install', PACKAGE], { env: { GOBIN, CGO_ENABLED: '0' } }),
  );
  const path = join(folder, 'tracing');
  const [, version = 'unknown'] = /version: (\S+)/.exec(await run(path, ['--version'])) ?? [];
  return { version, path };
}
