import { asFields, asList, asString } from '../shared/coerce.ts';
import type { TraceNode } from '../trace-tree/trace-node.ts';

export interface Fault {
  readonly kind: 'error' | 'span' | 'segment';
  readonly title: string;
  /** The key of the row with the details. */
  readonly key: string;
}

/** Returns each error once: Rollbar's items, then exceptions recorded by spans or segments only. */
export function faultsOf(nodes: readonly TraceNode[]): Fault[] {
  const reports = nodes
    .filter(({ item }) => item)
    .map(({ name, key }): Fault => ({ kind: 'error', title: name, key }));
  const recorded = nodes.flatMap((node) => [...spanFaults(node), ...segmentFaults(node)]);
  const byTitle = new Map<string, Fault>();
  for (const fault of [...reports, ...recorded]) {
    if (!byTitle.has(fault.title)) byTitle.set(fault.title, fault);
  }
  return [...byTitle.values()];
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
