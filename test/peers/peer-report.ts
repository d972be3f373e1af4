import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with a row a peer, and a line that no skipped one can hide from. */
export class PeerReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const suites = modules.flatMap((module) => [...module.children.suites()]);
    const rows = suites.map((suite) => {
      const states = [...suite.children.allTests()].map((test) => test.result().state);
      const count = (state: string) => states.filter((each) => each === state).length;
      const verdict = suite.options.mode === 'skip' ? 'SKIPPED' : suite.ok() ? 'passed' : 'FAILED';
      return `  ${verdict.padEnd(8)} ${suite.name} (${count('passed')} of ${states.length})`;
    });
    const skipped = rows.filter((row) => row.includes('SKIPPED')).length;
    process.stdout.write(`\nPeers\n${rows.join('\n')}\n`);
    if (skipped > 0) process.stdout.write(`\n!!! ${skipped} PEER(S) SKIPPED: nothing is proved about them\n`);
  }
}
