import { findRule } from '../../../observability/xray/sampling/find-rule.ts';
import type { SamplingRule, SamplingRules } from '../../../observability/xray/sampling/sampling-answers.ts';
import { loadXRaySdk, type SampleRequest, type XRaySdk } from '../../../observability/xray/sdk.ts';
import { createDynamicNaming, sanitiseName } from '../../../observability/xray/segment/segment-names.ts';

const DEFAULT = 'Default';
const MAX_NAMES = 5;
const ANY = { Host: '*', HTTPMethod: '*', URLPath: '*', ServiceType: '*' };
const RESTRICTIONS = ['Host', 'HTTPMethod', 'URLPath'] as const;

const CREATE_RULE = 'aws xray create-sampling-rule --cli-input-json file://aws/json/xray.json';

interface Explanation {
  /** Which rule decides on the request, and how much it samples. */
  readonly answer: string;
  /** What is probably not meant, and how to change it. */
  readonly advice: string | undefined;
}

interface Sampled {
  readonly serviceName: string;
  /** The `Host` header of the request. */
  readonly host: string;
  readonly namePattern: string | undefined;
}

/**
 * Explains which of the daemon's rules decides on a request for the home feed, with the SDK's own matcher.
 */
export function explainSampling({ supported, ignored }: SamplingRules, sampled: Sampled): Explanation {
  const sdk = loadXRaySdk();
  const request = requestOf(sdk, sampled);
  const find = (rules: readonly SamplingRule[]) => findRule(sdk, rules, request);
  const own = supported.filter(({ RuleName }) => RuleName !== DEFAULT);
  /** The rules of the service, whatever else they are restricted to. */
  const named = own.filter((rule) => rule.ServiceName !== '*' && find([{ ...rule, ...ANY }]));
  const decides = find(supported);
  const advice = decides && decides.RuleName !== DEFAULT ? adviseOn(decides) : adviseWithoutRule();
  if (ignored.length > 0) {
    const names = ignored.slice(0, MAX_NAMES).map(({ name, reason }) => `${name} (${reason})`);
    advice.push(`the SDK ignores the rules ${names.join(', ')}`);
  }
  return { answer: describe(decides), advice: advice.length > 0 ? advice.join('; ') : undefined };

  function describe(rule: SamplingRule | undefined): string {
    const what = `for ${request.httpMethod} ${request.urlPath} at ${request.host}`;
    if (rule !== undefined && rule.RuleName !== DEFAULT)
      return `with the sampling rule ${rule.RuleName} (priority ${rule.Priority}): ${what}, ${amountOf(rule)}`;
    const missing = `but no sampling rule matches ${request.serviceName}`;
    return rule === undefined
      ? `${missing} ${what}, so the service's own rule decides`
      : `${missing}; the rule ${DEFAULT} decides: ${what}, ${amountOf(rule)}`;
  }

  function adviseOn(rule: SamplingRule): string[] {
    if (rule.FixedRate === 0 && rule.ReservoirSize === 0)
      return [`the rule ${rule.RuleName} samples nothing: raise its FixedRate or ReservoirSize`];
    if (named.includes(rule)) return [];
    const hidden = find(named);
    return hidden === undefined
      ? []
      : [
          `${rule.RuleName} comes before ${hidden.RuleName} (priority ${hidden.Priority}), which names the ` +
            'service: the lower number wins',
        ];
  }

  function adviseWithoutRule(): string[] {
    if (named.length === 0) return [`create one: ${CREATE_RULE}`];
    return named.slice(0, MAX_NAMES).map((rule) => {
      const limits = RESTRICTIONS.filter((field) => !find([{ ...rule, ...ANY, [field]: rule[field] }]));
      const text = limits.map((field) => `${field} ${rule[field]}`).join(' and ');
      return `the rule ${rule.RuleName} names the service, but is restricted to ${text}`;
    });
  }
}

function requestOf(sdk: XRaySdk, { serviceName, host, namePattern }: Sampled): SampleRequest {
  return {
    host,
    httpMethod: 'GET',
    urlPath: '/api/activities/home',
    serviceName: sanitiseName(serviceName),
    dynamicName: createDynamicNaming(sdk, namePattern)?.(host),
  };
}

function amountOf({ FixedRate, ReservoirSize }: SamplingRule): string {
  const percent = `${Number((FixedRate * 100).toFixed(2))} %`;
  if (ReservoirSize === 0) return `${percent} of the requests`;
  const requests = ReservoirSize === 1 ? 'request' : 'requests';
  return `${ReservoirSize} ${requests} per second and ${percent} of the rest, over all instances`;
}
