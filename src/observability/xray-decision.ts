import type { Request } from 'express';
import { AMZN_HEADER, parseAmznTraceId } from './amzn-trace-id.ts';
import { hostOf } from './xray-request.ts';
import type { XRaySdk } from './xray-sdk.ts';
import type { DecideSampling } from './xray-segment.ts';

const MAX_PATH_LENGTH = 512;

/**
 * Decides by the SDK's sampler. A caller's own `Sampled` comes first when the caller is a proxy that the app trusts;
 * from anyone else it counts for nothing.
 */
export function createDecision(sdk: XRaySdk, trustProxy: boolean): DecideSampling {
  const { sampler } = sdk.middleware;
  return (request, serviceName) => {
    const header = request.headers[AMZN_HEADER];
    if (header !== undefined && trustProxy && isTrusted(request)) {
      const sampled = parseAmznTraceId(header)?.sampled;
      if (sampled !== undefined) return sampled;
    }
    return sampler.shouldSample({
      host: hostOf(request),
      httpMethod: request.method,
      urlPath: request.path.slice(0, MAX_PATH_LENGTH),
      serviceName,
    });
  };
}

/** Whether the peer itself is among the proxies, by the function that Express compiled from `trust proxy`. */
function isTrusted(request: Request): boolean {
  const trust = request.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean;
  return trust(request.socket.remoteAddress, 0);
}
