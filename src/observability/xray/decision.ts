import { AMZN_HEADER, parseAmznTraceId } from '../amzn-trace-id.ts';
import type { IsTrustedPeer } from '../trusted-peer.ts';
import { hostOf } from './request-view.ts';
import type { XRaySdk } from './sdk.ts';
import type { DecideSampling } from './segment.ts';

const MAX_PATH_LENGTH = 512;

/**
 * Decides by the SDK's sampler. A caller's own `Sampled` comes first when the caller is a proxy that the app trusts;
 * from anyone else it counts for nothing.
 */
export function createDecideSampling(sdk: XRaySdk, isTrustedPeer: IsTrustedPeer): DecideSampling {
  const { sampler } = sdk.middleware;
  return (request, serviceName) => {
    const header = request.headers[AMZN_HEADER];
    if (header !== undefined && isTrustedPeer(request.socket.remoteAddress)) {
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
