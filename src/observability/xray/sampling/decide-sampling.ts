import { AMZN_HEADER, parseAmznTraceId } from '../../amzn-trace-id.ts';
import type { IsTrustedPeer } from '../../trusted-peer.ts';
import type { XRaySdk } from '../sdk.ts';
import { hostOf } from '../segment/request-view.ts';
import type { DecideSampling } from '../segment/segment.ts';

const MAX_PATH_LENGTH = 512;

/**
 * Returns the sampling decision of a request. A trusted proxy's `Sampled` decides; any other caller's is
 * ignored, and the SDK's sampler decides.
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
