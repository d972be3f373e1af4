import { type Config, orExit, readConfigWithoutDatabase } from '../../config/config.ts';
import { loadEnvironment } from '../../config/loading/load-environment.ts';
import { describeError } from '../../lib/describe-error.ts';
import { endProcess, waitsForName } from '../../lifecycle/end-process.ts';
import { openWaysOut } from '../../lifecycle/ways-out.ts';
import { createDryRunApi, createHoneycombApi, type HoneycombApi } from './api.ts';
import { readHoneycombOptions } from './options.ts';

interface Target {
  /** Dataset of the service, as it appears in the paths of the API. */
  readonly dataset: string;
  readonly service: Config['service'];
}

/**
 * Runs a command on Honeycomb's API and prints the line it resolves with. A dry run sends nothing and prints
 * the requests instead. A failure is one line on stderr and exit code 1; an invalid configuration exits with
 * 78.
 */
export async function withHoneycombApi(
  { dryRun }: { readonly dryRun: boolean },
  command: (api: HoneycombApi, target: Target) => Promise<string>,
): Promise<void> {
  loadEnvironment();
  const options = orExit(() => readHoneycombOptions({ needsKey: !dryRun }));
  const config = orExit(readConfigWithoutDatabase);
  const { service } = config;
  openWaysOut(config);
  const requests: string[] = [];
  const api = dryRun
    ? createDryRunApi(options, (text) => requests.push(text))
    : createHoneycombApi(options, config.proxy);
  // The connections keep no process alive.
  const alive = setInterval(() => {}, 60_000);
  try {
    const line = await command(api, { dataset: slugOf(service.name), service });
    process.stdout.write(dryRun ? requests.join('\n') : `${line}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : describeError(error)}\n`);
    process.exitCode = 1;
  } finally {
    clearInterval(alive);
  }
  // The request's time limit has passed, but not the resolver's.
  if (waitsForName()) endProcess();
}

/** Returns the slug that Honeycomb derives from the name of a dataset. */
function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_.~-]+/g, '-');
}
