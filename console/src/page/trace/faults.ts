import { asFields, asList, asString } from '../shared/coerce.ts';
import type { TraceNode } from '../trace-tree/trace-node.ts';

export interface Fault {
  readonly kind: 'error' | 'span' | 'segment';
  readonly title: string;
  /** Of the row that tells more. */
  readonly key: string;
}

/** What went wrong, each once: Rollbar's reports, then exceptions that only spans or segments recorded. */
export function faultsOf(nodes: readonly TraceNode[]): Fault[] {
  const reports = nodes
    .filter(({ item }) => item)
    .map(({ name, key }): Fault => ({ kind: 'error', title: name, key }));
  const recorded = nodes.flatMap((node) => [...spanFaults(node), ...segmentFaults(node)]);
  const told = new Map<string, Fault>();
  for (const fault of [...reports, ...recorded]) {
    if (!told.has(fault.title)) told.set(fault.title, fault);
  }
  return [...told.values()];
}

function spanFaults({ span, key }: TraceNode): Fault[] {
  return (span?.events ?? [])
    .filter(({ name }) => name === 'exception')
    .map(({ attributes }) => ({
      kind: 'span',
      title: titleOf(attributes['exception.type'], attributes['exception.message']),
      key,
    }));
}

function segmentFaults({ segment, key }: TraceNode): Fault[] {
  return asList(asFields(segment?.cause).exceptions).map((value) => {
    const { type, message } = asFields(value);
    return { kind: 'segment', title: titleOf(type, message), key };
  });
}

function titleOf(type: unknown, message: unknown): string {
  return [asString(type), asString(message)].filter(Boolean).join(': ') || 'exception';
}
