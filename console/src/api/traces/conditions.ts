import type { Entry, RollbarItem } from '../../journal/entries.ts';
import { titleOfReport } from '../../journal/summary/report-facts.ts';
import { asArray, asRecord, asString, isRecord } from '../../json.ts';
import type { SegmentDocument } from '../../xray/segment.ts';

/** Something that a trace may have. */
export interface Condition {
  /** As it was asked for. */
  readonly text: string;
  matches(entry: Entry): boolean;
}

const CONDITION = /^(span|segment|log|error)(?::(.+))?$/s;

/**
 * Reads `span`, `segment`, `log` or `error`, each perhaps with `:` and the name of a span, the name of a segment or
 * subsegment, a part of the log message, a part of the error's text. Undefined for anything else.
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
  const { message, trace, trace_chain } = asRecord(item.body);
  const exceptions = [trace, ...asArray(trace_chain)].map((part) => asRecord(asRecord(part).exception));
  const texts = exceptions.flatMap((exception) => [
    exception.class,
    exception.message,
    exception.description,
  ]);
  return [titleOfReport(item), asRecord(message).body, ...texts].flatMap((text) => asString(text) ?? []);
}
