import { type Answer, type HttpReceiver, type ReceivedRequest, UnreadableInput } from '../http/receiver.ts';
import { asArray, asNumber, asRecord, asString } from '../json.ts';
import { DEFAULT_RULE, type SamplingRule, type SamplingStatistics } from './sampling-rule.ts';
import { readInput, refuseRequest, xrayAnswer } from './xray-http.ts';

export type { SamplingRule };

const INTERVAL_SECONDS = 10;
/** A quota is valid for one missed report. After two, the client counts as gone. */
const QUOTA_TTL_SECONDS = 2 * INTERVAL_SECONDS;
const MAX_REPORTS = 1000;
/** Limits of GetSamplingTargets: 25 documents per request, rule names of 32 characters, client ids of 24. */
const MAX_DOCUMENTS = 25;
const RULE_NAME = /^.{1,32}$/;
const CLIENT_ID = /^.{24}$/;

export interface XraySampling extends HttpReceiver {
  /** Replaces the rules. Clients are told with their next targets. */
  setRules(rules: readonly SamplingRule[]): void;
  /** Returns the latest statistics of each client and rule. */
  statistics(): SamplingStatistics[];
}

/** Receives `/GetSamplingRules` and `/SamplingTargets`. Each active client gets its share of a reservoir. */
export function createXraySampling(initial: readonly SamplingRule[] = [DEFAULT_RULE]): XraySampling {
  let rules = initial;
  let modifiedAt = now();
  const reports = new Map<string, SamplingStatistics & { readonly receivedAt: number }>();

  function target(rule: SamplingRule, clientId: string) {
    const since = now() - QUOTA_TTL_SECONDS;
    const clients = [...reports.values()]
      .filter((report) => report.RuleName === rule.RuleName && report.receivedAt >= since)
      .map((report) => report.ClientID)
      .sort();
    const share = Math.floor(rule.ReservoirSize / clients.length);
    const rest = clients.indexOf(clientId) < rule.ReservoirSize % clients.length ? 1 : 0;
    return {
      RuleName: rule.RuleName,
      FixedRate: rule.FixedRate,
      ReservoirQuota: share + rest,
      ReservoirQuotaTTL: now() + QUOTA_TTL_SECONDS,
      Interval: INTERVAL_SECONDS,
    };
  }

  function remember(report: SamplingStatistics): void {
    const key = `${report.ClientID} ${report.RuleName}`;
    reports.delete(key);
    reports.set(key, { ...report, receivedAt: now() });
    const [oldest] = reports.keys();
    if (reports.size > MAX_REPORTS && oldest !== undefined) reports.delete(oldest);
  }

  function targets(input: Record<string, unknown>): Answer {
    const statistics = asArray(input.SamplingStatisticsDocuments).map(readStatistics);
    if (statistics.length > MAX_DOCUMENTS)
      throw new UnreadableInput(400, `more than ${MAX_DOCUMENTS} statistics`);
    const documents = [];
    const unprocessed = [];
    for (const report of statistics) {
      const rule = rules.find(({ RuleName }) => RuleName === report.RuleName);
      if (!rule) {
        unprocessed.push({ RuleName: report.RuleName, ErrorCode: '404', Message: 'no such rule' });
        continue;
      }
      remember(report);
      documents.push(target(rule, report.ClientID));
    }
    return xrayAnswer({
      SamplingTargetDocuments: documents,
      LastRuleModification: modifiedAt,
      UnprocessedStatistics: unprocessed,
      UnprocessedBoostStatistics: [],
    });
  }

  function receive(request: ReceivedRequest): Answer {
    const input = readInput(request);
    if (request.path === '/SamplingTargets') return targets(input);
    return xrayAnswer({
      SamplingRuleRecords: rules.map((rule) => ({
        SamplingRule: {
          RuleARN: `arn:aws:xray:local:000000000000:sampling-rule/${rule.RuleName}`,
          Attributes: {},
          ...rule,
        },
        CreatedAt: modifiedAt,
        ModifiedAt: modifiedAt,
      })),
      NextToken: null,
    });
  }

  return {
    protocol: 'xray',
    matches: ({ path }) => path === '/GetSamplingRules' || path === '/SamplingTargets',
    receive,
    refuse: refuseRequest,
    setRules: (next) => {
      rules = next;
      modifiedAt = now();
    },
    statistics: () => [...reports.values()].map(({ receivedAt: _, ...report }) => report),
  };
}

function readStatistics(value: unknown): SamplingStatistics {
  const report = asRecord(value);
  const RuleName = asString(report.RuleName) ?? '';
  const ClientID = asString(report.ClientID) ?? '';
  if (!RULE_NAME.test(RuleName) || !CLIENT_ID.test(ClientID)) {
    throw new UnreadableInput(400, 'a statistics document has no valid RuleName or ClientID');
  }
  return {
    RuleName,
    ClientID,
    RequestCount: asNumber(report.RequestCount ?? 0),
    SampledCount: asNumber(report.SampledCount ?? 0),
    BorrowCount: asNumber(report.BorrowCount ?? 0),
    Timestamp: asNumber(report.Timestamp ?? 0),
  };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
