import { asString, isRecord } from '../json.ts';
import { invalidParameter, invalidValue, missing, wrongType } from './aws-error.ts';

/** The parameters of an operation, not yet validated. A parameter that is null counts as absent. */
export type Input = Readonly<Record<string, unknown>>;

const GROUP_NAME = /^[\w./#-]{1,512}$/;
const STREAM_NAME = /^[^:*]{1,512}$/;

/** Reads the name of a group to create, which has no ARN yet. */
export function readNewGroupName(input: Input): string {
  return matching(required(input, 'logGroupName'), GROUP_NAME, 'logGroupName');
}

/** Reads `logGroupName`, or `logGroupIdentifier`, which is a name or an ARN. */
export function readGroupName(input: Input): string {
  const identifier = readText(input, 'logGroupIdentifier');
  if (identifier === undefined) return readNewGroupName(input);
  if (readText(input, 'logGroupName') !== undefined) {
    throw invalidParameter('Specify either logGroupName or logGroupIdentifier, not both.');
  }
  return matching(groupNameOfArn(identifier) ?? identifier, GROUP_NAME, 'logGroupIdentifier');
}

/** Returns the name in `arn:aws:logs:region:account:log-group:name`, which may end in `:*`. */
export function groupNameOfArn(arn: unknown): string | undefined {
  return asString(arn)?.match(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/)?.[1];
}

export function readStreamName(input: Input): string {
  return matching(required(input, 'logStreamName'), STREAM_NAME, 'logStreamName');
}

/** Reads `logStreamNames`, 1 to 100 names; undefined when it is absent. */
export function readStreamNames(input: Input): string[] | undefined {
  const names = readList(input, 'logStreamNames');
  if (names === undefined) return undefined;
  if (names.length < 1 || names.length > 100) {
    throw invalidValue('logStreamNames', names.length, 'Member must have length between 1 and 100');
  }
  return names.map((name) => matching(toText(name, 'logStreamNames'), STREAM_NAME, 'logStreamNames'));
}

/** Reads a string; undefined when it is absent. */
export function readText(input: Input, parameter: string): string | undefined {
  const value = input[parameter] ?? undefined;
  return value === undefined ? undefined : toText(value, parameter);
}

/** Checks a string that must be there. */
export function toText(value: unknown, parameter: string): string {
  if (value === undefined || value === null) throw missing(parameter);
  if (typeof value !== 'string') throw wrongType(value, 'a String');
  return value;
}

/** Checks a whole number that must be there. */
export function toInteger(value: unknown, parameter: string, type: string): number {
  if (value === undefined || value === null) throw missing(parameter);
  if (typeof value !== 'number') throw wrongType(value, type);
  return value;
}

/** Reads a whole number from `least` to `most`; undefined when it is absent. */
export function readInteger(
  input: Input,
  parameter: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const given = input[parameter] ?? undefined;
  if (given === undefined) return undefined;
  const value = toInteger(given, parameter, most === Number.MAX_SAFE_INTEGER ? 'a Long' : 'an Integer');
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidValue(parameter, value, `Member must be a whole number between ${least} and ${most}`);
}

/** Reads a list; undefined when it is absent. */
export function readList(input: Input, parameter: string): readonly unknown[] | undefined {
  const value = input[parameter] ?? undefined;
  if (value === undefined || Array.isArray(value)) return value;
  throw wrongType(value, 'a List');
}

/** Reads an object; undefined when it is absent. */
export function readRecord(input: Input, parameter: string): Readonly<Record<string, unknown>> | undefined {
  const value = input[parameter] ?? undefined;
  if (value === undefined || isRecord(value)) return value;
  throw wrongType(value, 'a Map');
}

function required(input: Input, parameter: string): string {
  return toText(input[parameter], parameter);
}

function matching(value: string, pattern: RegExp, parameter: string): string {
  if (pattern.test(value)) return value;
  throw invalidValue(parameter, value, `Member must satisfy regular expression pattern: ${pattern.source}`);
}
