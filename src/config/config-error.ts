import type { z } from 'zod';
import { isKnown } from './loading/names.ts';

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

type Given = Readonly<Record<string, string | undefined>>;

/** The variables with which Kubernetes describes each service of a namespace, to every pod in it. */
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\/[\d.:a-f[\]]+$/;
const KUBERNETES =
  'Kubernetes sets it for a service of this name: set it in the pod, or enableServiceLinks: false';

/**
 * Of `.env.example` and of documents, and a variable that nobody replaced: `docker run --env-file` does not.
 */
const PLACEHOLDER = /\bYOUR_[A-Z]|^<[^<>]+>$|\$\{[A-Za-z_]\w*\}/;

/**
 * Returns one sentence per issue of an environment's schema, and per placeholder among the variables that are
 * read; each begins with the variable's name.
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[], given: Given): string[] {
  const placeholders = Object.keys(given).filter((name) => isKnown(name) && isPlaceholder(name, given[name]));
  const faults = issues.map(({ path, message }) => {
    const name = String(path[0]);
    if (isPlaceholder(name, given[name])) return describePlaceholder(name);
    const isLink = name.endsWith('PORT') && SERVICE_LINK.test(given[name] ?? '');
    return `${name} ${message}${isLink ? `; ${KUBERNETES}` : ''}`;
  });
  return [...new Set([...faults, ...placeholders.map(describePlaceholder)])];
}

/** A password may be anything. */
function isPlaceholder(name: string, value = ''): boolean {
  return name !== 'DATABASE_PASSWORD' && PLACEHOLDER.test(value);
}

function describePlaceholder(name: string): string {
  return `${name} must be replaced by a value of your own, or removed: it holds a placeholder`;
}
