import { join } from 'node:path';
import { type RealService, run } from './real-service.ts';

const IMAGES = join(import.meta.dirname, '../images');

/**
 * Provides the engine and the base images of our files. Missing images are pulled, or made by the script
 * `LOCAL_IMAGES` where no container registry can be reached. `path` is the command of Compose.
 */
export async function prepareDocker(daemon: RealService, xrayCollector: RealService): Promise<RealService> {
  const script = process.env.LOCAL_IMAGES;
  if (script) await run('bash', [script, 'engine']);
  const version = await run('docker', ['version', '--format', '{{.Server.Version}}']);
  const standIns = [
    await provide('node:24-bookworm-slim', (tag) => run('bash', [String(script), 'node', tag])),
    await provide('postgres:18', (tag) => makePostgres(String(script), tag)),
    await provide('amazon/aws-xray-daemon', (tag) => makeDaemon(String(script), tag, daemon, xrayCollector)),
  ];
  const path = await findCompose();
  const compose = await run(path[0] ?? '', [...path.slice(1), 'version', '--short']);
  return {
    version: [version, `Compose ${compose}`, ...standIns.filter(Boolean)].join(', '),
    path: path.join(' '),
  };
}

/** Provides an image. Resolves with the name of its substitute, '' for the original. */
async function provide(tag: string, make: (tag: string) => Promise<unknown>): Promise<string> {
  const standIn = () =>
    run('docker', ['image', 'inspect', '--format', '{{index .Config.Labels "cruddur.stand-in"}}', tag]);
  try {
    return await standIn();
  } catch {
    await (process.env.LOCAL_IMAGES ? make(tag) : run('docker', ['pull', '--quiet', tag]));
    return standIn();
  }
}

async function makePostgres(script: string, tag: string): Promise<void> {
  await run('bash', [script, 'debian', 'cruddur-integration/debian-postgresql', 'postgresql']);
  await run('docker', ['build', '--tag', tag, join(IMAGES, 'postgres')]);
}

async function makeDaemon(
  script: string,
  tag: string,
  daemon: RealService,
  xrayCollector: RealService,
): Promise<void> {
  if (!daemon.missing) {
    await run('bash', [script, 'binary', tag, daemon.path, '-t', '0.0.0.0:2000', '-b', '0.0.0.0:2000']);
    return;
  }
  if (xrayCollector.missing) throw new Error(`no substitute for ${tag}: ${xrayCollector.missing}`);
  await run('bash', [script, 'binary', 'cruddur-integration/otelcol-xray', xrayCollector.path]);
  const dockerfile = join(IMAGES, 'xray-collector/Dockerfile');
  await run('docker', ['build', '--tag', tag, '--file', dockerfile, join(IMAGES, '..')]);
}

async function findCompose(): Promise<string[]> {
  return run('docker', ['compose', 'version']).then(
    () => ['docker', 'compose'],
    () => ['docker-compose'],
  );
}
