import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The port of name servers cannot be chosen, so the address is one that nobody else uses. */
const ADDRESS = '127.53.53.53';

const MOUNT = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';

export interface HungNameServer {
  /** A program and its arguments, which runs another program with this name server alone. */
  readonly within: readonly string[];
  /** The number of questions so far. */
  questions(): number;
  close(): void;
}

/** Why a process cannot be given a name server of its own; undefined if it can. */
export function missingForNameServer(): string | undefined {
  const { status, stderr, error } = spawnSync('unshare', ['-m', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `unshare -m: ${error?.message ?? stderr.trim()}`;
}

/** Starts a name server that never answers. The resolver waits for it for half a minute. Needs root. */
export async function startHungNameServer(): Promise<HungNameServer> {
  let questions = 0;
  const socket = createSocket('udp4', () => {
    questions += 1;
  });
  socket.bind(53, ADDRESS);
  await once(socket, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'cruddur-names-'));
  const file = join(folder, 'resolv.conf');
  writeFileSync(file, `nameserver ${ADDRESS}\noptions timeout:15 attempts:2\n`);
  return {
    within: ['unshare', '-m', 'sh', '-c', MOUNT, file],
    questions: () => questions,
    close() {
      socket.close();
      rmSync(folder, { recursive: true });
    },
  };
}
