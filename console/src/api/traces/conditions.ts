import type { Entry, RollbarItem } from '../../journal/entries.ts';
import { titleOfReport } from '../../journal/summary/report-facts.ts';
import { asArray, asRecord, asString, isRecord } from '../../json.ts';
import type { SegmentDocument } from '../../xray/segment.ts';

/** A condition that an entry of a trace meets. */
export interface Condition {
  /** The condition as the request wrote it. */
  readonly text: string;
  matches(entry: Entry): boolean;
}

const CONDITION = /^(span|segment|log|error)(?::(.+))?$/s;

/**
 * Parses `span`, `segment`, `log` or `error`, optionally followed by `:` and a text: the name of the span,
 * the name of the segment or of one of its subsegments, a part of the log message, or a part of the error's
 * text. Returns undefined for anything else.
 */
export function parseCondition(text: string): Condition | undefined {
  const [, kind, name] = CONDITION.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return { text, matches: (entry) => entry.kind === kind && (name === undefined || isNamed(entry, name)) };
}

function isNamed(entry: Entry, name: string): boolean {
  if (entry.kind === 'span') return entry.span.name === name;
  if (entry.kind === 'segment') return namesSegment(entry.segment, name);
  if (entry.kind === 'log') return entry.log.message.includes(name);
  return textsOfItem(entry.item).some((text) => text.includes(name));
}

function namesSegment(segment: SegmentDocument | Record<string, unknown>, name: string): boolean {
  if (segment.name === name) return true;
  return asArray(segment.subsegments).some((child) => isRecord(child) && namesSegment(child, name));
}

function textsOfItem(item: RollbarItem): string[] {
  const { message, trace, trace_chain, crash_report } = asRecord(item.body);
  const exceptions = [trace, ...asArray(trace_chain)].map((part) => asRecord(asRecord(part).exception));
  const texts = exceptions.flatMap((exception) => [
    exception.class,
    exception.message,
    exception.description,
  ]);
  return [titleOfReport(item), asRecord(message).body, asRecord(crash_report).raw, ...texts].flatMap(
    (text) => asString(text) ?? [],
  );
}
