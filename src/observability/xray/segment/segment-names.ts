import type { XRaySdk } from '../sdk.ts';

const MAX_NAME_LENGTH = 200;

/**
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-fields
 */
const NOT_IN_NAMES = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;

/** Replaces the characters that X-Ray does not accept in names. */
export function sanitiseName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(NOT_IN_NAMES, '_');
}

/** Returns a request's dynamic name: its `Host` header, if that matches the pattern. */
export type DynamicName = (host: string | undefined) => string | undefined;

/** Creates the function that finds dynamic names. Undefined without a pattern. */
export function createDynamicNaming(
  { core }: Pick<XRaySdk, 'core'>,
  pattern: string | undefined,
): DynamicName | undefined {
  if (pattern === undefined) return undefined;
  return (host) =>
    host !== undefined && core.utils.wildcardMatch(pattern, host) ? sanitiseName(host) : undefined;
}
