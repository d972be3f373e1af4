import type { CheckResult } from '../../../src/cli/doctor/check-result.ts';
import { describeResults } from '../../../src/cli/doctor/describe-results.ts';
import { createProbeIds } from '../../../src/cli/doctor/probe-ids.ts';
import { runChecks } from '../../../src/cli/doctor/run-checks.ts';
import { readConfigWithoutDatabase } from '../../../src/config/config.ts';

/** Returns the line that the doctor prints about one system. */
export async function lineOf(
  name: CheckResult['name'],
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const ids = createProbeIds();
  const results = await runChecks(readConfigWithoutDatabase(environment), ids);
  const [line = ''] = describeResults(results, ids)
    .split('\n')
    .filter((text) => text.startsWith(`${name} `));
  return line;
}
