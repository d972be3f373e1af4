/** A sampling rule of the X-Ray API. https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html */
export interface SamplingRule {
  readonly RuleName: string;
  readonly ResourceARN: string;
  readonly Priority: number;
  /** The share of requests, 0 to 1, that is sampled beyond the reservoir. */
  readonly FixedRate: number;
  /** Requests per second, over all clients, that are sampled before the rate applies. */
  readonly ReservoirSize: number;
  readonly ServiceName: string;
  readonly ServiceType: string;
  readonly Host: string;
  readonly HTTPMethod: string;
  readonly URLPath: string;
  readonly Version: 1;
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** What one client reported about one rule. Times are in seconds since the epoch. */
export interface SamplingStatistics {
  readonly RuleName: string;
  readonly ClientID: string;
  readonly RequestCount: number;
  readonly SampledCount: number;
  readonly BorrowCount: number;
  readonly Timestamp: number;
}

/** The default rule of every AWS account. */
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
};
