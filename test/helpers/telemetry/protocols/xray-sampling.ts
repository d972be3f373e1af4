import { z } from 'zod';
import type { Answer, HttpProtocol } from './http-receiver.ts';

const INTERVAL_SECONDS = 10;
const QUOTA_TTL_SECONDS = 2 * INTERVAL_SECONDS;

/** A sampling rule of X-Ray's API. https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html */
export interface SamplingRule {
  readonly RuleName: string;
  readonly ResourceARN: string;
  readonly Priority: number;
  /** Share of requests, 0 to 1, that is sampled beyond the reservoir. */
  readonly FixedRate: number;
  /** Requests per second that are sampled before the rate applies, over all clients together. */
  readonly ReservoirSize: number;
  readonly ServiceName: string;
  readonly ServiceType: string;
  readonly Host: string;
  readonly HTTPMethod: string;
  readonly URLPath: string;
  readonly Version: 1;
}

const count = z.int().min(0);
const Statistics = z.strictObject({
  RuleName: z.string().min(1).max(32),
  ClientID: z.string().regex(/^[0-9a-f]{24}$/),
  RequestCount: count,
  SampledCount: count,
  BorrowCount: count.default(0),
  Timestamp: z.number().positive(),
});
const GetSamplingTargets = z.strictObject({
  SamplingStatisticsDocuments: z.array(Statistics).min(1).max(25),
});

/** One client's latest report on one rule. `Timestamp` is in seconds since the epoch. */
export type SamplingStatistics = z.infer<typeof Statistics>;

export interface XRaySampling extends HttpProtocol {
  /** Replaces the rules. Clients notice with their next targets. */
  setRules(rules: readonly SamplingRule[]): void;
  /** The latest statistics of each client and rule. */
  statistics(): SamplingStatistics[];
}

/**
 * Receives `POST /GetSamplingRules` and `POST /SamplingTargets`; the clients of a rule share its reservoir.
 */
export function xraySampling(initial: readonly SamplingRule[]): XRaySampling {
  let rules = initial;
  let modifiedAt = now();
  const reports = new Map<string, SamplingStatistics>();

  function target({ RuleName, FixedRate, ReservoirSize }: SamplingRule) {
    const clients = [...reports.values()].filter((report) => report.RuleName === RuleName).length;
    return {
      ...{ RuleName, FixedRate },
      ReservoirQuota: Math.floor(ReservoirSize / clients),
      ReservoirQuotaTTL: now() + QUOTA_TTL_SECONDS,
      Interval: INTERVAL_SECONDS,
    };
  }

  function answerTargets(json: unknown): Answer {
    const { SamplingStatisticsDocuments: documents } = GetSamplingTargets.parse(json);
    for (const report of documents) reports.set(`${report.ClientID} ${report.RuleName}`, report);
    const ruleOf = ({ RuleName }: SamplingStatistics) => rules.find((rule) => rule.RuleName === RuleName);
    const body = {
      SamplingTargetDocuments: documents.flatMap((report) => {
        const rule = ruleOf(report);
        return rule === undefined ? [] : [target(rule)];
      }),
      LastRuleModification: modifiedAt,
      UnprocessedStatistics: documents
        .filter((report) => ruleOf(report) === undefined)
        .map(({ RuleName }) => ({ RuleName, ErrorCode: '404', Message: 'no such rule' })),
    };
    return { status: 200, body };
  }

  function answerRules(): Answer {
    const records = rules.map((rule) => ({
      SamplingRule: { RuleARN: `arn:aws:xray:::sampling-rule/${rule.RuleName}`, Attributes: {}, ...rule },
      CreatedAt: modifiedAt,
      ModifiedAt: modifiedAt,
    }));
    return { status: 200, body: { SamplingRuleRecords: records, NextToken: null } };
  }

  return {
    name: 'xray',
    matches: (path) => path === '/GetSamplingRules' || path === '/SamplingTargets',
    receive: ({ path, json }) => (path === '/SamplingTargets' ? answerTargets(json) : answerRules()),
    refuse: (Message) => ({ status: 400, body: { Message } }),
    setRules: (next) => {
      rules = next;
      modifiedAt = now();
    },
    statistics: () => [...reports.values()],
  };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
