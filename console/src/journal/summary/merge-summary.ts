import type { Entry } from '../entries.ts';
import { findInLog } from './log-facts.ts';
import { findInReport } from './report-facts.ts';
import { type Finding, type RequestFacts, SOURCES, type Source } from './request-facts.ts';
import { findInSegment } from './segment-facts.ts';
import { findInSpan } from './span-facts.ts';
import type { TraceSummary } from './trace-summary.ts';

/** For each source, the facts of the entry that began first. */
type FactsBySource = Readonly<Partial<Record<Source, RequestFacts>>>;

/** A summary and the facts that it is made from. */
export interface MergedSummary {
  readonly summary: TraceSummary;
  readonly facts: FactsBySource;
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };
type About = Omit<TraceSummary, 'traceId' | 'aliases' | 'revision' | 'receivedAt' | 'counts' | 'failed'>;

const NO_COUNTS: TraceSummary['counts'] = { span: 0, segment: 0, log: 0, error: 0 };
const WORST_FIRST = SOURCES.toReversed();

/** Adds an entry to the summary of its trace. The result does not depend on the order of the entries. */
export function mergeSummary(
  merged: MergedSummary | undefined,
  traceId: string,
  entry: Entry,
  revision: number,
): MergedSummary {
  const finding = find(entry);
  const facts = addFacts(merged?.facts ?? {}, finding);
  const before = merged?.summary;
  const about = before !== undefined && facts === merged?.facts ? before : combine(facts, entry.receivedAt);
  const counts = { ...(before?.counts ?? NO_COUNTS) };
  counts[entry.kind] += 1;
  const failed = finding.failed || before?.failed === true;
  // An entry may be older than the summary: its trace became a part of this one.
  const receivedAt = Math.max(before?.receivedAt ?? 0, entry.receivedAt);
  const aliases = before?.aliases && { aliases: before.aliases };
  return {
    summary: { ...about, traceId, ...aliases, revision, receivedAt, counts, failed },
    facts,
  };
}

function find(entry: Entry): Finding {
  if (entry.kind === 'span') return findInSpan(entry.span);
  if (entry.kind === 'segment') return findInSegment(entry.segment);
  if (entry.kind === 'log') return findInLog(entry.log);
  return findInReport(entry.item);
}

/** Merges facts with the same start: a segment that was in progress arrives again when it is complete. */
function addFacts(known: FactsBySource, { source, facts }: Finding): FactsBySource {
  const before = known[source];
  if (before === undefined || startOf(facts) < startOf(before)) return { ...known, [source]: facts };
  if (source === 'any' || startOf(facts) > startOf(before)) return known;
  return { ...known, [source]: assignDefined({ ...before }, facts) };
}

function startOf({ startedAt = Number.POSITIVE_INFINITY }: RequestFacts): number {
  return startedAt;
}

/** Takes each field from the most reliable source that has it. */
function combine(known: FactsBySource, receivedAt: number): About {
  const about: Mutable<About> = { startedAt: receivedAt, name: '' };
  for (const source of WORST_FIRST) assignDefined(about, known[source] ?? {});
  const target = about.route ?? about.path?.split('?', 1)[0];
  if (about.method !== undefined && target !== undefined) about.name = `${about.method} ${target}`;
  return about;
}

function assignDefined<T extends object>(target: T, facts: RequestFacts): T {
  for (const [field, value] of Object.entries(facts)) {
    if (value !== undefined) Object.assign(target, { [field]: value });
  }
  return target;
}
