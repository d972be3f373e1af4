import type { z } from 'zod';

/** Invalid environment. `faults` holds one sentence per variable; none repeats a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? '1 error' : `${faults.length} errors`;
    super(`invalid configuration (${count})\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/** Returns one sentence per issue of an environment's schema; each begins with the variable's name. */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.map(({ path, message }) => `${String(path[0])} ${message}`);
}
