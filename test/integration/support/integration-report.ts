import type { Reporter, TestModule, TestSuite } from 'vitest/node';

type Verdict = 'passed' | 'failed' | 'skipped';

interface Row {
  readonly name: string;
  readonly verdict: Verdict;
}

/** Prints one row per service, their number, and a warning when one was skipped. */
export class IntegrationReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = [
      ...modules.filter(isIntegrationFile).flatMap((module) => [...module.children.suites()].map(suiteRow)),
      ...projectRows(modules.filter((module) => !isIntegrationFile(module))),
    ];
    const count = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
    const lines = rows.map(({ name, verdict }) => `  ${verdict.toUpperCase().padEnd(8)} ${name}`);
    process.stdout.write(`\nReal services\n${lines.join('\n')}\n\n`);
    if (count('skipped') > 0) process.stdout.write('!!! SKIPPED SERVICES ARE NOT TESTED\n');
    process.stdout.write(
      `real services: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped\n`,
    );
  }
}

const isIntegrationFile = (module: TestModule) => module.moduleId.endsWith('.integration.ts');

function suiteRow(suite: TestSuite): Row {
  const ran = [...suite.children.allTests()].some((test) => test.result().state !== 'skipped');
  return { name: suite.name, verdict: !suite.ok() ? 'failed' : ran ? 'passed' : 'skipped' };
}

/** Returns one row for all the database tests that ran against a service. */
function projectRows(modules: readonly TestModule[]): Row[] {
  const names = new Set(modules.map(({ project }) => project.name));
  return [...names].map((name) => {
    const all = modules.filter(({ project }) => project.name === name);
    return { name, verdict: all.every((module) => module.ok()) ? 'passed' : 'failed' };
  });
}
