import type { Request } from 'express';
import type { XRaySdk } from '../sdk.ts';
import { hostOf } from './request-view.ts';

const MAX_NAME_LENGTH = 200;

/**
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-fields
 */
const NOT_IN_NAMES = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;

/** Replaces the characters that X-Ray does not accept in names. */
export function sanitiseName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(NOT_IN_NAMES, '_');
}

/**
 * Returns the function that names segments: by the `Host` header if it matches `pattern`, or by the service.
 */
export function createNaming(sdk: XRaySdk, serviceName: string, pattern: string | undefined) {
  const { middleware } = sdk;
  const name = sanitiseName(serviceName);
  middleware.dynamicNaming = false;
  if (pattern === undefined) return () => name;
  middleware.enableDynamicNaming(pattern);
  return (request: Request) => sanitiseName(middleware.resolveName(hostOf(request)));
}
