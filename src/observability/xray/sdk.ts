import { createRequire } from 'node:module';
import type { SegmentEntity } from './document.ts';

const require = createRequire(import.meta.url);

type Core = typeof import('aws-xray-sdk-core');
type ExpressMiddleware = typeof import('aws-xray-sdk-express');

/** The input of a sampling decision. `urlPath` has no query. The SDK does not know `dynamicName`. */
export interface SampleRequest {
  readonly host: string | undefined;
  readonly httpMethod: string;
  readonly urlPath: string;
  readonly serviceName: string;
  readonly dynamicName?: string | undefined;
}

/** A rule in the SDK's cache. The counts start at the last report. */
export interface SdkSamplingRule {
  requestCount: number;
  borrowCount: number;
  sampledCount: number;
  getName(): string;
  incrementRequestCount(): void;
  incrementBorrowCount(): void;
  incrementSampledCount(): void;
  canBorrow(): boolean;
  match(request: SampleRequest): boolean;
  getRate(): number;
  getReservoir(): {
    quota: number | null;
    borrowOrTake(now: number, canBorrow: boolean): 'borrow' | 'take' | false | undefined;
  };
  snapshotStatistics(): { requestCount: number; borrowCount: number; sampledCount: number };
}

/** Targets by rule name. The TTL is a time in Unix seconds; the interval is in seconds. */
export type SdkSamplingTargets = Record<
  string,
  { rate: number; quota: number | undefined; TTL: number | undefined; interval: number | undefined }
>;

/** The SDK's sampler with its two pollers, which its type declarations lack. */
interface SdkSampler {
  started: boolean;
  start(): void;
  readonly localSampler: { shouldSample(request: SampleRequest): boolean };
  readonly rulePoller: { start(): void; poller?: NodeJS.Timeout };
  readonly targetPoller: { poller?: NodeJS.Timeout };
  readonly ruleCache: {
    loadRules(rules: readonly SdkSamplingRule[]): void;
    /** Returns the first rule by priority that matches, or a falsy value. `now` is in Unix seconds. */
    getMatchedRule(request: SampleRequest, now: number): SdkSamplingRule | null | undefined;
    timestamp(seconds: number | null): void;
    getLastUpdated(): number | null;
  };
}

/** Makes the pollers' requests. The results have the SDK's own shapes. */
interface SdkServiceConnector {
  readonly clientId: string;
  fetchSamplingRules(done: (error: unknown, rules?: SdkSamplingRule[]) => void): void;
  fetchTargets(
    rules: readonly SdkSamplingRule[],
    done: (error: unknown, targets?: SdkSamplingTargets, lastRuleModification?: number) => void,
  ): void;
}

/** The X-Ray SDK and those of its modules that this service patches. One per process. */
export interface XRaySdk {
  readonly core: Core;
  readonly middleware: Core['middleware'] & {
    readonly sampler: SdkSampler;
  };
  readonly openSegment: ExpressMiddleware['openSegment'];
  readonly emitter: { send(entity: SegmentEntity): void };
  readonly connector: SdkServiceConnector;
  readonly SamplingRule: new (
    name: string,
    priority: number,
    rate: number,
    reservoirSize: number,
    host: string,
    httpMethod: string,
    urlPath: string,
    serviceName: string,
    serviceType: string,
  ) => SdkSamplingRule;
  readonly CapturedException: { readonly prototype: { init(error: unknown, remote?: boolean): void } };
}

/**
 * Loads the X-Ray SDK in manual mode. Throws when other code has already loaded it in automatic mode, which
 * costs at least half of the process's throughput and cannot be undone.
 */
export function loadXRaySdk(): XRaySdk {
  const sdk = withoutSettings(() => {
    const core = require('aws-xray-sdk-core');
    return {
      core,
      middleware: core.middleware,
      openSegment: require('aws-xray-sdk-express').openSegment,
      emitter: require('aws-xray-sdk-core/dist/lib/segment_emitter'),
      connector: require('aws-xray-sdk-core/dist/lib/middleware/sampling/service_connector'),
      SamplingRule: require('aws-xray-sdk-core/dist/lib/middleware/sampling/sampling_rule'),
      CapturedException: require('aws-xray-sdk-core/dist/lib/segments/attributes/captured_exception'),
    } as XRaySdk;
  });
  if (sdk.core.isAutomaticMode()) throw new Error('the X-Ray SDK is already loaded, in automatic mode');
  return sdk;
}

/**
 * Hides `AWS_XRAY_*` from the SDK while it loads: those settings would override later calls, and some values
 * make it throw. The service reads them through `Config`. Manual mode is the exception, because the variable
 * is its only switch: without it the SDK enables async_hooks for the whole process.
 */
function withoutSettings<T>(load: () => T): T {
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_XRAY_'));
  for (const [name] of settings) delete process.env[name];
  process.env.AWS_XRAY_MANUAL_MODE = '1';
  try {
    return load();
  } finally {
    Object.assign(process.env, Object.fromEntries(settings));
  }
}
