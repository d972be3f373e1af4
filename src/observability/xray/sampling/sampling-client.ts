import { type DaemonEndpoint, hostAndPort } from '../../../config/variables/network-values.ts';
import { createHttpPost } from '../../delivery/http-post.ts';
import type { SdkSamplingRule, SdkSamplingTargets, XRaySdk } from '../sdk.ts';
import { parseRules, parseTargets, type SamplingRules, type SamplingTargets } from './sampling-answers.ts';
import { createToSdkRule } from './sdk-rule.ts';

const TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Replaces the SDK's requests to the daemon. They read X-Ray's seconds as milliseconds, so that no reservoir
 * is ever used, ignore a quota of 0, lose the statistics of a failed report, have no time limit, and accept
 * any response. A failure is passed to `onFailure` and leaves the sampling as it was.
 */
export function replaceSamplingClient(
  sdk: Pick<XRaySdk, 'connector' | 'SamplingRule'>,
  daemon: DaemonEndpoint,
  onFailure: (error: unknown) => void,
): void {
  const { connector } = sdk;
  const toSdkRule = createToSdkRule(sdk);
  const requestRules = createRulesRequest(daemon);
  const samplingTargets = createDaemonPost(daemon, '/SamplingTargets');

  connector.fetchSamplingRules = (done) => {
    requestRules()
      .then(({ supported }) => done(null, supported.map(toSdkRule)))
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
}

/** Returns a function that fetches the sampling rules. It rejects unless a daemon responds. */
export function createRulesRequest(daemon: DaemonEndpoint): () => Promise<SamplingRules> {
  const getSamplingRules = createDaemonPost(daemon, '/GetSamplingRules');
  return async () => parseRules(await getSamplingRules({}));
}

/**
 * Each call has a connection of its own, because one that is kept would stay at an address that has moved.
 */
function createDaemonPost(daemon: DaemonEndpoint, path: string) {
  const post = createHttpPost({
    url: `http://${hostAndPort(daemon)}${path}`,
    headers: { 'Content-Type': 'application/json', Connection: 'close' },
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

/** Keeps times in seconds. A missing rate keeps the rule's own. */
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
    // The SDK treats a quota of 0 as missing.
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
