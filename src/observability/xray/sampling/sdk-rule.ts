import type { SampleRequest, SdkSamplingRule, XRaySdk } from '../sdk.ts';
import type { SamplingRule } from './sampling-answers.ts';

/**
 * Returns the function that converts a rule of X-Ray's API to the SDK's. Such a rule matches by the service's
 * own name, or by the dynamic name of the request.
 */
export function createToSdkRule(sdk: Pick<XRaySdk, 'SamplingRule'>): (rule: SamplingRule) => SdkSamplingRule {
  class RuleOfTwoNames extends sdk.SamplingRule {
    override match(request: SampleRequest): boolean {
      if (super.match(request)) return true;
      const { dynamicName } = request;
      return dynamicName !== undefined && super.match({ ...request, serviceName: dynamicName });
    }
  }

  return (rule) =>
    new RuleOfTwoNames(
      rule.RuleName,
      rule.Priority,
      rule.FixedRate,
      rule.ReservoirSize,
      rule.Host,
      rule.HTTPMethod,
      rule.URLPath,
      rule.ServiceName,
      rule.ServiceType,
    );
}
