import { type Config, loadDotEnv, orExit, readConfigWithoutDatabase } from '../../config/config.ts';
import { describeError } from '../../lib/describe-error.ts';
import { createDryRunApi, createHoneycombApi, type HoneycombApi } from './api.ts';
import { readHoneycombOptions } from './options.ts';

interface Target {
  /** Of the service, as paths name it. */
  readonly dataset: string;
  readonly service: Config['service'];
}

/**
 * Runs a command on Honeycomb's API and prints the line that it resolves with; a dry run prints the requests instead, and
 * sends none. A failure goes to stderr in one line and ends the process with 1, a fault in the environment with 78.
 */
export async function withHoneycombApi(
  { dryRun }: { readonly dryRun: boolean },
  command: (api: HoneycombApi, target: Target) => Promise<string>,
): Promise<void> {
  loadDotEnv();
  const options = orExit(() => readHoneycombOptions({ needsKey: !dryRun }));
  const { service } = orExit(readConfigWithoutDatabase);
  const requests: string[] = [];
  const api = dryRun ? createDryRunApi(options, (text) => requests.push(text)) : createHoneycombApi(options);
  try {
    const line = await command(api, { dataset: slugOf(service.name), service });
    process.stdout.write(dryRun ? requests.join('\n') : `${line}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : describeError(error)}\n`);
    process.exitCode = 1;
  }
}

/** As Honeycomb makes it of a dataset's name. */
function slugOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9_.~-]+/g, '-');
}
