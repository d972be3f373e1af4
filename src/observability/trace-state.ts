import type { TraceState } from '@opentelemetry/api';

const MAX_MEMBERS = 32;
/** Longer lists lose members in spans. They are passed on whole: Node's limit of 16 kB bounds them. */
const MAX_RECORDED_LENGTH = 2048;
const LONG_MEMBER = 128;

const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
/** Printable ASCII without `,` and `=`. The last character is not a space. */
const VALUE = /^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

/**
 * Parses `tracestate` by Level 2 of W3C's Trace Context. Returns its members without the optional white space
 * around them; undefined for a list that is empty or has one invalid member or more than 32. A key may occur
 * twice, which the specification tolerates in lists of others.
 * https://www.w3.org/TR/trace-context-2/#tracestate-header-field-values
 */
export function parseTraceState(header: unknown): string[] | undefined {
  const isList = Array.isArray(header) && header.every((line) => typeof line === 'string');
  const text = isList ? header.join(',') : header;
  if (typeof text !== 'string' || text === '') return undefined;
  const members: string[] = [];
  for (const part of text.split(',')) {
    const member = trimBlanks(part);
    if (member === '') continue;
    if (members.length === MAX_MEMBERS || !isMember(member)) return undefined;
    members.push(member);
  }
  return members.length === 0 ? undefined : members;
}

function isMember(member: string): boolean {
  const equals = member.indexOf('=');
  return equals > 0 && KEY.test(member.slice(0, equals)) && VALUE.test(member.slice(equals + 1));
}

/** Removes spaces and tabs at both ends. A regular expression would take quadratic time for a long run. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/**
 * Shortens a `tracestate` to at most 2,048 characters, for a span. It loses whole members, in the order of
 * the specification: long ones first, then the rest, each from the end.
 */
export function shortenTraceState(state: string): string {
  let { length } = state;
  if (length <= MAX_RECORDED_LENGTH) return state;
  const members = state.split(',');
  for (const longerThan of [LONG_MEMBER, 0]) {
    for (let at = members.length - 1; at >= 0 && length > MAX_RECORDED_LENGTH; at -= 1) {
      const { length: removed = 0 } = members[at] ?? '';
      if (removed <= longerThan) continue;
      members.splice(at, 1);
      length -= removed + 1;
    }
  }
  return members.join(',');
}

/** The id that X-Ray gets in place of a caller's that it would not show. */
export interface OwnXRayId {
  /** X-Ray's notation. */
  readonly xrayTraceId: string;
  /** The span of the caller, if it named one. */
  readonly callerSpanId: string | undefined;
}

/**
 * A caller's `tracestate`, and what else all spans of its trace inherit here: OpenTelemetry copies the state
 * from each span to its children.
 */
export class CallerState implements TraceState {
  private readonly members: readonly string[];
  readonly own: OwnXRayId | undefined;

  constructor(members: readonly string[], own?: OwnXRayId) {
    this.members = members;
    this.own = own;
  }

  get(key: string): string | undefined {
    return this.members.find((member) => member.startsWith(`${key}=`))?.slice(key.length + 1);
  }

  /** Returns a state with the new member in front, or this one if the member is invalid or one too many. */
  set(key: string, value: string): CallerState {
    const members = [`${key}=${value}`, ...this.without(key)];
    if (!KEY.test(key) || !VALUE.test(value) || members.length > MAX_MEMBERS) return this;
    return new CallerState(members, this.own);
  }

  unset(key: string): CallerState {
    return new CallerState(this.without(key), this.own);
  }

  serialize(): string {
    return this.members.join(',');
  }

  private without(key: string): string[] {
    return this.members.filter((member) => !member.startsWith(`${key}=`));
  }
}
