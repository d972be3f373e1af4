import type { SampleRequest, XRaySdk } from '../sdk.ts';
import type { SamplingRule } from './sampling-answers.ts';
import { createToSdkRule } from './sdk-rule.ts';

/**
 * Returns the rule that decides on a request, found by the SDK as it finds it for the service; undefined
 * where none matches. Uses the SDK's only cache of rules, so that nothing may be sampled at the same time.
 */
export function findRule(
  sdk: Pick<XRaySdk, 'middleware' | 'SamplingRule'>,
  rules: readonly SamplingRule[],
  request: SampleRequest,
): SamplingRule | undefined {
  const { ruleCache } = sdk.middleware.sampler;
  const now = Math.floor(Date.now() / 1000);
  ruleCache.loadRules(rules.map(createToSdkRule(sdk)));
  ruleCache.timestamp(now);
  // The SDK completes a request in place.
  const name = ruleCache.getMatchedRule({ ...request }, now)?.getName();
  ruleCache.loadRules([]);
  ruleCache.timestamp(null);
  return rules.find(({ RuleName }) => RuleName === name);
}
