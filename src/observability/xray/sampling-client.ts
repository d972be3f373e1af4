import type { DaemonEndpoint } from '../../config/values.ts';
import { createHttpPost } from '../delivery/http-post.ts';
import { parseRules, parseTargets, type SamplingRule, type SamplingTargets } from './sampling-answers.ts';
import type { SdkSamplingRule, SdkSamplingTargets, XRaySdk } from './sdk.ts';

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Puts requests of ours between the SDK's pollers and the daemon. The SDK's own take X-Ray's seconds for milliseconds,
 * so that no reservoir is ever honoured, ignore a quota of 0, lose the statistics of a failed report, wait without
 * limit, and believe any answer. A failure goes to `onFailure` and changes nothing.
 */
export function replaceSamplingClient(
  sdk: Pick<XRaySdk, 'connector' | 'SamplingRule'>,
  daemon: DaemonEndpoint,
  onFailure: (error: unknown) => void,
): void {
  const { connector } = sdk;
  const requestRules = createRulesRequest(daemon);
  const samplingTargets = createDaemonPost(daemon, '/SamplingTargets');

  connector.fetchSamplingRules = (done) => {
    requestRules()
      .then((rules) => done(null, rules.map(toSdkRule)))
      .catch(onFailure);
  };

  connector.fetchTargets = (rules, done) => {
    const reports = rules.map((rule) => ({ rule, counts: rule.snapshotStatistics() }));
    const Timestamp = Math.floor(Date.now() / 1000);
    const SamplingStatisticsDocuments = reports.map(({ rule, counts }) => ({
      RuleName: rule.getName(),
      ClientID: connector.clientId,
      RequestCount: counts.requestCount,
      BorrowCount: counts.borrowCount,
      SampledCount: counts.sampledCount,
      Timestamp,
    }));
    samplingTargets({ SamplingStatisticsDocuments })
      .then((body) => {
        const targets = parseTargets(body);
        done(null, toSdkTargets(targets, rules), targets.LastRuleModification);
      })
      .catch((error) => {
        for (const { rule, counts } of reports) {
          rule.requestCount += counts.requestCount;
          rule.borrowCount += counts.borrowCount;
          rule.sampledCount += counts.sampledCount;
        }
        onFailure(error);
      });
  };

  function toSdkRule(rule: SamplingRule): SdkSamplingRule {
    return new sdk.SamplingRule(
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
}

/** Creates what asks the daemon for the sampling rules. It rejects when there is no answer, or none of a daemon. */
export function createRulesRequest(daemon: DaemonEndpoint): () => Promise<SamplingRule[]> {
  const getSamplingRules = createDaemonPost(daemon, '/GetSamplingRules');
  return async () => parseRules(await getSamplingRules({}));
}

function createDaemonPost({ host, port }: DaemonEndpoint, path: string) {
  const post = createHttpPost({
    url: `http://${host}:${port}${path}`,
    headers: { 'Content-Type': 'application/json' },
    timeoutMs: TIMEOUT_MS,
    maxConnections: 1,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  return async (message: unknown): Promise<string> => {
    const { status, body } = await post(Buffer.from(JSON.stringify(message)));
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    return body;
  };
}

/** Times stay the seconds that they are. A missing rate leaves the rule's own. */
function toSdkTargets(
  { SamplingTargetDocuments }: SamplingTargets,
  rules: readonly SdkSamplingRule[],
): SdkSamplingTargets {
  const byName = new Map(rules.map((rule) => [rule.getName(), rule]));
  const targets: SdkSamplingTargets = {};
  for (const {
    RuleName,
    FixedRate,
    ReservoirQuota,
    ReservoirQuotaTTL,
    Interval,
  } of SamplingTargetDocuments) {
    const rule = byName.get(RuleName);
    if (rule === undefined) continue;
    // The SDK takes a quota of 0 for none.
    if (ReservoirQuota === 0) rule.getReservoir().quota = 0;
    targets[RuleName] = {
      rate: FixedRate ?? rule.getRate(),
      quota: ReservoirQuota ?? undefined,
      TTL: ReservoirQuotaTTL ?? undefined,
      interval: Interval ?? undefined,
    };
  }
  return targets;
}
