import { type RealService, run } from './real-service.ts';

export interface DebianProgram {
  /** Also the name of the package. */
  readonly name: string;
  /** Default: `/usr/sbin`. */
  readonly folder?: string;
  /** The argument that prints the version, which `version` matches. */
  readonly flag: string;
  readonly version: RegExp;
}

/** Finds a program of Debian, or installs its package as root. `path` is the program. */
export async function installDebianProgram(program: DebianProgram): Promise<RealService> {
  const { name, folder = '/usr/sbin', flag, version } = program;
  const path = `${folder}/${name}`;
  const printVersion = () => run(path, [flag]);
  const printed = await printVersion().catch(async () => {
    await aptGet(name);
    return printVersion();
  });
  return { version: version.exec(printed)?.[1] ?? '', path };
}

async function aptGet(name: string): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(`only root can install it: apt-get install ${name}`);
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
}
