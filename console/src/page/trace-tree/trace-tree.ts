import type { LogLine, RollbarItem, TraceView } from '../../api/types.ts';
import { asFields, asNumber, asString } from '../shared/coerce.ts';
import { mergeSpansAndSegments } from './merge-spans-and-segments.ts';
import { reportOf } from './rollbar-report.ts';
import { createUniqueKeys, type TraceNode } from './trace-node.ts';

/** Builds the tree of a trace, ordered by time. Log lines and reports are children of the span they name. */
export function traceTree({ spans, segments, logs, errors }: TraceView): TraceNode[] {
  const roots = mergeSpansAndSegments(spans, segments);
  const work = allOf(roots);
  const byId = new Map<string, TraceNode>();
  for (const node of work) {
    if (node.segment) byId.set(String(node.segment.id), node);
    if (node.span) byId.set(node.span.spanId, node);
  }
  const [first] = roots;
  const unique = createUniqueKeys();
  for (const log of logs) {
    const parent = byId.get(spanIdOf(log.fields)) ?? first;
    (parent?.children ?? roots).push(logNode(log, unique(`log-${log.timestamp}`)));
  }
  for (const item of errors) {
    const parent = byId.get(spanIdOf(asFields(item.custom)) || spanIdOf(item)) ?? first;
    (parent?.children ?? roots).push(itemNode(item, unique(`error-${item.uuid}`), parent));
  }
  roots.sort(compareTimes);
  for (const node of work) node.children.sort(compareTimes);
  return roots;
}

/** Returns all nodes of the trees, in no particular order. */
export function allOf(roots: readonly TraceNode[]): TraceNode[] {
  const all = [...roots];
  for (const node of all) for (const child of node.children) all.push(child);
  return all;
}

function spanIdOf(fields: Readonly<Record<string, unknown>> | undefined): string {
  return asString(fields?.span_id ?? fields?.spanId)?.toLowerCase() ?? '';
}

function logNode(log: LogLine, key: string): TraceNode {
  const level = asString(log.fields?.level)?.toLowerCase() ?? '';
  return {
    key,
    name: asString(log.fields?.message) ?? log.message,
    start: log.timestamp,
    end: log.timestamp,
    failed: ['error', 'fatal', 'critical', 'crit', 'alert', 'emerg'].includes(level),
    log,
    children: [],
  };
}

/** Rollbar's time has whole seconds: the span's exception event or its bounds are more exact. */
function itemNode(item: RollbarItem, key: string, parent: TraceNode | undefined): TraceNode {
  const { title, message, level } = reportOf(item);
  const reported = (asNumber(item.timestamp) ?? 0) * 1_000;
  const recorded = parent?.span?.events.find((event) => event.attributes['exception.message'] === message);
  const end = parent?.end ?? Number.POSITIVE_INFINITY;
  const start = recorded?.time ?? (parent ? Math.min(Math.max(reported, parent.start), end) : reported);
  return {
    key,
    name: title,
    start,
    end: start,
    failed: level === 'error' || level === 'critical',
    item,
    children: [],
  };
}

function compareTimes(a: TraceNode, b: TraceNode): number {
  return a.start - b.start || Number(a.log !== undefined) - Number(b.log !== undefined);
}
