import { asArray, asRecord, asString, parseJson } from './json.ts';
import { type Answer, type HttpReceiver, jsonAnswer, type ReceivedRequest, Unreadable } from './receiver.ts';

/** A sampling rule as the X-Ray API gives it. https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html */
export interface SamplingRule {
  readonly RuleName: string;
  readonly ResourceARN: string;
  readonly Priority: number;
  /** Share of requests, 0 to 1, that is sampled beyond the reservoir. */
  readonly FixedRate: number;
  /** Requests a second that are sampled before the rate applies, over all clients together. */
  readonly ReservoirSize: number;
  readonly ServiceName: string;
  readonly ServiceType: string;
  readonly Host: string;
  readonly HTTPMethod: string;
  readonly URLPath: string;
  readonly Version: 1;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** What one client reported of one rule. Times are Unix seconds. */
export interface SamplingStatistics {
  readonly RuleName: string;
  readonly ClientID: string;
  readonly RequestCount: number;
  readonly SampledCount: number;
  readonly BorrowCount: number;
  readonly Timestamp: number;
}

/** The rule that every account has. */
export const DEFAULT_RULE: SamplingRule = {
  RuleName: 'Default',
  ResourceARN: '*',
  Priority: 10_000,
  FixedRate: 0.05,
  ReservoirSize: 1,
  ServiceName: '*',
  ServiceType: '*',
  Host: '*',
  HTTPMethod: '*',
  URLPath: '*',
  Version: 1,
  Attributes: {},
};

const INTERVAL_SECONDS = 10;
/** A quota outlives one missed report, and a client counts as gone after two. */
const QUOTA_TTL_SECONDS = 2 * INTERVAL_SECONDS;
const MAX_CLIENTS = 1000;

export interface XraySampling extends HttpReceiver {
  /** Replaces the rules; clients learn of it with their next targets. */
  setRules(rules: readonly SamplingRule[]): void;
  /** The latest statistics of each client and rule. */
  statistics(): SamplingStatistics[];
}

/** X-Ray's `POST /GetSamplingRules` and `POST /SamplingTargets`: each active client gets its share of a reservoir. */
export function createXraySampling(initial: readonly SamplingRule[] = [DEFAULT_RULE]): XraySampling {
  let rules = initial;
  let modifiedAt = now();
  const reports = new Map<string, SamplingStatistics & { readonly receivedAt: number }>();

  function target(rule: SamplingRule, clientId: string) {
    const since = now() - QUOTA_TTL_SECONDS;
    const clients = [...reports.values()]
      .filter((report) => report.RuleName === rule.RuleName && report.receivedAt >= since)
      .map((report) => report.ClientID);
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

  function targets(body: Record<string, unknown>): Answer {
    const statistics = asArray(body.SamplingStatisticsDocuments).map(readStatistics);
    const documents = [];
    const unprocessed = [];
    for (const report of statistics) {
      const rule = rules.find(({ RuleName }) => RuleName === report.RuleName);
      if (!rule) {
        unprocessed.push({ RuleName: report.RuleName, ErrorCode: '404', Message: 'no such rule' });
        continue;
      }
      const key = `${report.ClientID} ${report.RuleName}`;
      if (reports.size >= MAX_CLIENTS && !reports.has(key)) reports.clear();
      reports.set(key, { ...report, receivedAt: now() });
      documents.push(target(rule, report.ClientID));
    }
    return jsonAnswer(200, {
      SamplingTargetDocuments: documents,
      LastRuleModification: modifiedAt,
      UnprocessedStatistics: unprocessed,
    });
  }

  function receive({ method, path, body }: ReceivedRequest): Answer {
    if (method !== 'POST') throw new Unreadable(405, 'sampling is asked for with POST');
    const message = asRecord(parseJson(body.length === 0 ? '{}' : body.toString()));
    if (path === '/SamplingTargets') return targets(message);
    return jsonAnswer(200, {
      SamplingRuleRecords: rules.map((rule) => ({
        SamplingRule: { RuleARN: `arn:aws:xray:local:000000000000:sampling-rule/${rule.RuleName}`, ...rule },
        CreatedAt: modifiedAt,
        ModifiedAt: modifiedAt,
      })),
    });
  }

  return {
    protocol: 'xray',
    matches: ({ path }) => path === '/GetSamplingRules' || path === '/SamplingTargets',
    receive,
    refuse: (status, message) => jsonAnswer(status, { message }),
    setRules: (next) => {
      rules = next;
      modifiedAt = now();
    },
    statistics: () => [...reports.values()].map(({ receivedAt: _, ...report }) => report),
  };
}

function readStatistics(value: unknown): SamplingStatistics {
  const report = asRecord(value);
  const RuleName = asString(report.RuleName);
  const ClientID = asString(report.ClientID);
  if (!RuleName || !ClientID) throw new Unreadable(400, 'a statistics document has no RuleName or ClientID');
  return {
    RuleName,
    ClientID,
    RequestCount: Number(report.RequestCount ?? 0),
    SampledCount: Number(report.SampledCount ?? 0),
    BorrowCount: Number(report.BorrowCount ?? 0),
    Timestamp: Number(report.Timestamp ?? 0),
  };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
