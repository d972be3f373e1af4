import { asArray, asRecord } from '../json.ts';
import type { Rejection, Signal } from './encoding.ts';

/** The lists of a request, from the outermost to the items. */
const LISTS: Readonly<Record<Signal, readonly [string, string, string]>> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
};

/** A list that is not read, and its first value. */
export interface ForeignForm extends Rejection {
  readonly sample: unknown;
}

/**
 * Finds lists of a request that are not read, because their names are obsolete, as in
 * `instrumentationLibrarySpans`, in snake case, or of another signal. They must not be ignored in silence.
 */
export function findForeignForms(signal: Signal, message: Record<string, unknown>): ForeignForm[] {
  const [resources, scopes, items] = LISTS[signal];
  const found = new Map<string, ForeignForm>();

  function look(within: Record<string, unknown>, name: string, instead: string, depth: number): void {
    const value = within[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return;
    const count = (found.get(name)?.count ?? 0) + Math.max(1, countItems(value, depth));
    const reason = `${name} is not read: OTLP 1.x ${instead}`;
    found.set(name, { count, reason, sample: found.get(name)?.sample ?? value });
  }

  look(message, snakeCase(resources), `has ${resources}`, 2);
  for (const [other, [name]] of Object.entries(LISTS)) {
    if (other !== signal) look(message, name, `sends it to /v1/${other}`, 2);
  }
  for (const resource of asArray(message[resources]).map(asRecord)) {
    const obsolete = scopes.replace('scope', 'instrumentationLibrary');
    for (const name of [obsolete, snakeCase(obsolete), snakeCase(scopes)]) {
      look(resource, name, `has ${scopes}`, 1);
    }
    if (snakeCase(items) === items) continue;
    for (const scope of asArray(resource[scopes]).map(asRecord)) {
      look(scope, snakeCase(items), `has ${items}`, 0);
    }
  }
  return [...found.values()];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Counts the items in a list of lists, whatever the lists are called. */
function countItems(value: unknown, depth: number): number {
  const values = asArray(value);
  if (depth === 0) return values.length;
  let count = 0;
  for (const each of values) {
    for (const part of Object.values(asRecord(each))) count += countItems(part, depth - 1);
  }
  return count;
}
