import type { Request } from 'express';
import { hostOf } from './request-view.ts';
import type { XRaySdk } from './sdk.ts';

const MAX_NAME_LENGTH = 200;

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-fields */
const NOT_IN_NAMES = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;

/** A name as X-Ray takes it. */
export function sanitiseName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(NOT_IN_NAMES, '_');
}

/** Names segments: after the `Host` header where `pattern` is given and matches, else always the same. */
export function createNaming(sdk: XRaySdk, serviceName: string, pattern: string | undefined) {
  const { middleware } = sdk;
  const name = sanitiseName(serviceName);
  middleware.dynamicNaming = false;
  if (pattern === undefined) return () => name;
  middleware.enableDynamicNaming(pattern);
  return (request: Request) => sanitiseName(middleware.resolveName(hostOf(request)));
}
