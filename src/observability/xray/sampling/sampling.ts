import localRule from '../../../../aws/json/xray.json' with { type: 'json' };
import type { DaemonEndpoint } from '../../../config/variables/network-values.ts';
import { describeError } from '../../../lib/describe-error.ts';
import type { SinkCounters } from '../../delivery/sink-counters.ts';
import { withoutTracing } from '../../suppress-tracing.ts';
import type { XRaySdk } from '../sdk.ts';
import { SamplingRule } from './sampling-answers.ts';
import { replaceSamplingClient } from './sampling-client.ts';

/** The SDK retries after five minutes, too long when the daemon starts a moment after the service. */
const RETRY_MS = 10_000;

/**
 * Starts X-Ray's central sampling: the SDK's pollers regularly fetch the rules and report how many requests
 * each matched. Until the first rules arrive, `aws/json/xray.json` decides. Returns a function that stops
 * them.
 */
export function startSampling(sdk: XRaySdk, daemon: DaemonEndpoint, sink: SinkCounters): () => void {
  const { ruleCache, rulePoller, targetPoller } = sdk.middleware.sampler;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  replaceSamplingClient(sdk, daemon, (error) => {
    if (stopped) return;
    sink.failed(`sampling: ${describeError(error)}`);
    if (ruleCache.getLastUpdated() === null) {
      retry = setTimeout(() => rulePoller.start(), RETRY_MS).unref();
    }
  });
  sdk.core.middleware.setSamplingRules(localRules());
  ruleCache.loadRules([]);
  ruleCache.timestamp(null);
  sdk.middleware.sampler.started = false;
  // The SDK would start them inside the trace of the first request.
  withoutTracing(() => sdk.middleware.sampler.start());

  return () => {
    stopped = true;
    clearTimeout(retry);
    clearInterval(rulePoller.poller);
    clearInterval(targetPoller.poller);
  };
}

/** Returns the rule in the SDK's local notation, which has no service name, and X-Ray's default rule. */
function localRules() {
  const rule = SamplingRule.parse(localRule.SamplingRule);
  return {
    version: 2,
    rules: [
      {
        description: rule.RuleName,
        host: rule.Host,
        http_method: rule.HTTPMethod,
        url_path: rule.URLPath,
        fixed_target: rule.ReservoirSize,
        rate: rule.FixedRate,
      },
    ],
    default: { fixed_target: 1, rate: 0.05 },
  };
}
