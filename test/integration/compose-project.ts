import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../helpers/app/service.ts';
import { freePort } from '../helpers/network/free-port.ts';
import { type Answer, type AskOptions, ask } from '../helpers/network/http-client.ts';
import { run } from './install/real-service.ts';

/** One bringing-up of docker-compose.yml, beside any other: names and published ports are its own. */
export interface ComposeProject {
  readonly api: string;
  readonly console: string;
  /** Runs Compose with these arguments; resolves with its stdout. */
  compose(...args: string[]): Promise<string>;
  /** Runs docker on the container of a service: `{}` in the arguments stands for its id. */
  docker(service: string, ...args: string[]): Promise<string>;
  ask(path: string, options?: AskOptions): Promise<Answer>;
  /** What the console has of a trace, once it has all that `has` names. */
  trace(id: string, has: readonly string[]): Promise<Answer>;
}

/** `dotEnv` is what `.env` would hold. The environment gives nothing but the ports. */
export async function createComposeProject(
  program: string,
  folder: string,
  dotEnv = '',
): Promise<ComposeProject> {
  const [port, consolePort, daemonPort] = [await freePort(), await freePort(), await freePort()];
  const envFile = join(folder, '.env');
  writeFileSync(
    envFile,
    `${dotEnv}\nPORT=${port}\nCONSOLE_PORT=${consolePort}\nXRAY_DAEMON_PORT=${daemonPort}\n`,
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
