import { AMZN_HEADER, parseAmznTraceId } from '../../amzn-trace-id.ts';
import type { TrustsFlag } from '../../flag-trust.ts';
import type { SampleRequest, SdkSamplingRule, XRaySdk } from '../sdk.ts';
import { hostOf } from '../segment/request-view.ts';
import type { DecideSampling } from '../segment/segment.ts';

const MAX_PATH_LENGTH = 512;

/**
 * Returns the sampling decision of a request. The caller's `Sampled` decides where its flag is trusted;
 * elsewhere it is ignored, and the SDK's sampler decides.
 */
export function createDecideSampling(sdk: XRaySdk, trustsFlag: TrustsFlag): DecideSampling {
  const { ruleCache, localSampler } = sdk.middleware.sampler;
  return (request, serviceName, dynamicName) => {
    const { headers, socket } = request;
    const sampled =
      headers[AMZN_HEADER] === undefined ? undefined : parseAmznTraceId(headers[AMZN_HEADER])?.sampled;
    if (sampled !== undefined && trustsFlag(socket.remoteAddress, headers['x-forwarded-for'])) return sampled;
    const sampleRequest: SampleRequest = {
      host: hostOf(request),
      httpMethod: request.method,
      urlPath: request.path.slice(0, MAX_PATH_LENGTH),
      serviceName,
      dynamicName,
    };
    const now = Math.floor(Date.now() / 1000);
    const rule = ruleCache.getMatchedRule(sampleRequest, now);
    return rule ? applyRule(rule, now) : localSampler.shouldSample(sampleRequest);
  };
}

/** Decides as the SDK's sampler does, which composes a log message for each request. */
function applyRule(rule: SdkSamplingRule, now: number): string | false {
  rule.incrementRequestCount();
  const decision = rule.getReservoir().borrowOrTake(now, rule.canBorrow());
  if (decision === 'borrow') rule.incrementBorrowCount();
  else if (decision === 'take' || Math.random() <= rule.getRate()) rule.incrementSampledCount();
  else return false;
  return rule.getName();
}
