import { asString, isRecord } from '../json.ts';
import { isOwnName, namesTrace, plainName, toNamedId } from './named-id.ts';

/** Bounds of the search in one line or report. */
const MAX_DEPTH = 5;
const MAX_FIELDS = 500;
/** Rules out most names at once, because every field of every line is tested. */
const HINT = /trace|id$|tr$|b3$|^value$/i;
/**
 * The scopes of .NET, Rust's open spans, Logback's pairs, the errors of Rollbar. Other lists may hold links
 * to other traces.
 */
const LISTS = /^(?:scopes?|spans|kvplist|trace_chain)$/i;
/** Fields in a list of `key` and `value`, as Log4j and OpenTelemetry write them. */
const PAIRS = /^(?:attributes|contextMap|labels|properties|tags)$/i;
/** What a caller sent. */
const SENT = /^(?:body|payload|form|query|query_?string|params|parameters|cookies|get|post|put)$/i;
/** Other traces. */
const OTHERS = /^(?:links?|parent|related|caused_?by)$/i;

/** The ids in the fields of a log line or a report. */
export interface TraceIds {
  /** The id of the trace: its caller's, where it has two. */
  readonly traceId: string | undefined;
  /** X-Ray's id of the same request, where it is another one. */
  readonly alias?: string;
}

/**
 * Finds the trace id in the fields that loggers use, the outermost first, in at most 500 fields and 5 levels.
 * Fields that repeat what a caller sent, such as `query`, are not searched.
 */
export function traceIdsOfFields(fields: Record<string, unknown>): TraceIds {
  let level: [path: string, fields: Record<string, unknown>][] = [['', fields]];
  let left = MAX_FIELDS;
  let own: string | undefined;
  let callers: string | undefined;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const [path, record] of level) {
      for (const key in record) {
        if (left-- === 0) return idsOf(callers, own);
        const value = onlyText(record[key]);
        if (typeof value === 'string') {
          if (!HINT.test(key)) continue;
          const name = plainName(path + key);
          if (!namesTrace(name)) continue;
          if (isOwnName(name)) own ??= toNamedId(value, name);
          else callers ??= toNamedId(value, name);
        } else if (isRecord(value)) {
          if (!SENT.test(key) && !OTHERS.test(key)) next.push([path + key, value]);
        } else if (Array.isArray(value) && LISTS.test(key)) {
          for (const item of value.slice(0, MAX_FIELDS)) if (isRecord(item)) next.push(['', item]);
        } else if (Array.isArray(value) && PAIRS.test(key)) {
          next.push(['', fieldsOfPairs(value)]);
        }
      }
    }
    if (callers !== undefined || own !== undefined) break;
    level = next;
  }
  return idsOf(callers, own);
}

/** Returns the text of a list of one, as some servers log headers; else the value itself. */
function onlyText(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : value;
}

/** Reads a list of `key` and `value`, which may be in OTLP's form. */
function fieldsOfPairs(pairs: readonly unknown[]): Record<string, unknown> {
  const named = pairs.slice(0, MAX_FIELDS).filter(isRecord);
  return Object.fromEntries(
    named.map(({ key, value }) => [asString(key) ?? '', isRecord(value) ? value.stringValue : value]),
  );
}

function idsOf(callers: string | undefined, own: string | undefined): TraceIds {
  if (callers === undefined || own === undefined || callers === own) return { traceId: callers ?? own };
  return { traceId: callers, alias: own };
}
