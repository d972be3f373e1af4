import { type RealService, run } from './real-service.ts';

const PATH = '/usr/sbin/haproxy';

/** Finds Debian's haproxy, or installs it as root. */
export async function installHaproxy(): Promise<RealService> {
  const printed = await run(PATH, ['-v']).catch(aptGet);
  return { version: /version (\d+\.\d+\.\d+)/.exec(printed)?.[1] ?? '', path: PATH };
}

async function aptGet(): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error('only root can install it: apt-get install haproxy');
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'haproxy'], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  return run(PATH, ['-v']);
}
