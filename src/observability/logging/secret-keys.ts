import { REDACTED } from '../../lib/scrub/redacted.ts';
import { isSecretNameInText } from '../../lib/scrub/secret-names.ts';

const MAX_KEYS = 1_000;

/** The service's lines have a few names, again and again. */
const known = new Map<string, boolean>();

/** Returns `[redacted]` in place of a value under a secret name, unless it is empty or a boolean. */
export function redactMember(key: string, value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value;
  return isSecretKey(key) ? REDACTED : value;
}

function isSecretKey(key: string): boolean {
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const isSecret = isSecretNameInText(key);
  if (known.size < MAX_KEYS) known.set(key, isSecret);
  return isSecret;
}
