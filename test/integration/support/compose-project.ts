import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../helpers/app/service.ts';
import { freePort } from '../../helpers/network/free-port.ts';
import { type Answer, type AskOptions, ask } from '../../helpers/network/http-client.ts';
import { run } from '../install/real-service.ts';

/** One Compose project of docker-compose.yml, with its own names and published ports. */
export interface ComposeProject {
  readonly api: string;
  readonly console: string;
  /** Runs Compose and resolves with its stdout. */
  compose(...args: string[]): Promise<string>;
  /** Runs docker on the container of a service, whose id replaces `{}` in the arguments. */
  docker(service: string, ...args: string[]): Promise<string>;
  ask(path: string, options?: AskOptions): Promise<Answer>;
  /** Resolves with the console's trace when it has all the parts of `has`. */
  trace(id: string, has: readonly string[]): Promise<Answer>;
}

/** Creates a project. `dotEnv` is the content of `.env`, to which the ports are added. */
export async function createComposeProject(
  program: string,
  folder: string,
  dotEnv = '',
): Promise<ComposeProject> {
  const [port, consolePort, daemonPort] = [await freePort(), await freePort(), await freePort()];
  const envFile = join(folder, '.env');
  writeFileSync(
    envFile,
    // `underLoad` reads more than one address may.
    `${dotEnv}\nPORT=${port}\nCONSOLE_PORT=${consolePort}\nXRAY_DAEMON_PORT=${daemonPort}\nRATE_LIMIT_READS=off\n`,
  );
  const [file = '', ...first] = program.split(' ');
  const project = `cruddur-integration-${port}`;
  const api = `http://127.0.0.1:${port}`;
  const localConsole = `http://127.0.0.1:${consolePort}`;
  const compose = (...args: string[]) =>
    run(file, [...first, '--env-file', envFile, '--project-name', project, ...args], { cwd: ROOT });
  return {
    api,
    console: localConsole,
    compose,
    async docker(service, ...args) {
      const id = await compose('ps', '--quiet', service);
      return run(
        'docker',
        args.map((arg) => (arg === '{}' ? id : arg)),
      );
    },
    ask: (path, options) => ask(`${api}${path}`, options),
    trace: (id, has) =>
      ask(`${localConsole}/api/traces/${id}?wait=20s&${has.map((each) => `has=${each}`).join('&')}`),
  };
}
