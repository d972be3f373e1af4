import { asString } from '../json.ts';
import { type AwsError, invalidParameter } from './aws-error.ts';

/** The parameters of an operation, not yet validated. */
export type Input = Readonly<Record<string, unknown>>;

const GROUP_NAME = /^[\w./#-]{1,512}$/;
const STREAM_NAME = /^[^:*]{1,512}$/;

/** Reads `logGroupName`, or `logGroupIdentifier`, which is a name or an ARN. */
export function readGroupName({ logGroupName: name, logGroupIdentifier: identifier }: Input): string {
  if (identifier === undefined) return matching(name, GROUP_NAME, 'logGroupName');
  if (name !== undefined) {
    throw invalidParameter('Specify either logGroupName or logGroupIdentifier, not both.');
  }
  return groupNameOfArn(identifier) ?? matching(identifier, GROUP_NAME, 'logGroupIdentifier');
}

/** Returns the name in `arn:aws:logs:region:account:log-group:name`, which may end in `:*`. */
export function groupNameOfArn(arn: unknown): string | undefined {
  return asString(arn)?.match(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/)?.[1];
}

export function readStreamName(input: Input): string {
  return matching(input.logStreamName, STREAM_NAME, 'logStreamName');
}

/** Reads `logStreamNames`, 1 to 100 names; undefined when it is absent. */
export function readStreamNames({ logStreamNames: names }: Input): string[] | undefined {
  if (names === undefined) return undefined;
  if (!Array.isArray(names) || names.length < 1 || names.length > 100) {
    throw invalid('logStreamNames', 'Member must have length between 1 and 100');
  }
  return names.map((name) => matching(name, STREAM_NAME, 'logStreamNames'));
}

export function readText(input: Input, parameter: string): string | undefined {
  const value = input[parameter];
  if (value !== undefined && typeof value !== 'string') throw invalid(parameter, 'Member must be a string');
  return value;
}

/** Reads a whole number from `least` to `most`; undefined when it is absent. */
export function readInteger(
  input: Input,
  parameter: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = input[parameter];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(parameter, `Member must be a whole number between ${least} and ${most}`);
}

function matching(value: unknown, pattern: RegExp, parameter: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw invalid(parameter, `Member must satisfy regular expression pattern: ${pattern.source}`);
}

function invalid(parameter: string, constraint: string): AwsError {
  return invalidParameter(
    `1 validation error detected: Value at '${parameter}' failed to satisfy constraint: ${constraint}`,
  );
}
