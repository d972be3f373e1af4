import { createRequire } from 'node:module';
import type { SegmentEntity } from './document.ts';

const require = createRequire(import.meta.url);

type Core = typeof import('aws-xray-sdk-core');
type ExpressMiddleware = typeof import('aws-xray-sdk-express');

/** What a sampling decision is made of; `urlPath` is without the query. */
interface SampleRequest {
  readonly host: string | undefined;
  readonly httpMethod: string;
  readonly urlPath: string;
  readonly serviceName: string;
}

/** A rule in the SDK's cache; the counts are those since the last report. */
export interface SdkSamplingRule {
  requestCount: number;
  borrowCount: number;
  sampledCount: number;
  getName(): string;
  getRate(): number;
  getReservoir(): { quota: number | null };
  snapshotStatistics(): { requestCount: number; borrowCount: number; sampledCount: number };
}

/** By rule name. The TTL is a time in Unix seconds, the interval is in seconds. */
export type SdkSamplingTargets = Record<
  string,
  { rate: number; quota: number | undefined; TTL: number | undefined; interval: number | undefined }
>;

/** The SDK's sampler with its two pollers, which its type declarations leave out. */
interface SdkSampler {
  started: boolean;
  start(): void;
  /** The name of the central rule that samples the request, `true` when a local one does. */
  shouldSample(request: SampleRequest): string | boolean | undefined;
  readonly rulePoller: { start(): void; poller?: NodeJS.Timeout };
  readonly targetPoller: { poller?: NodeJS.Timeout };
  readonly ruleCache: {
    loadRules(rules: readonly SdkSamplingRule[]): void;
    timestamp(seconds: number | null): void;
    getLastUpdated(): number | null;
  };
}

/** Fetches what the pollers ask for, and passes it back in the SDK's own shapes. */
interface SdkServiceConnector {
  readonly clientId: string;
  fetchSamplingRules(done: (error: unknown, rules?: SdkSamplingRule[]) => void): void;
  fetchTargets(
    rules: readonly SdkSamplingRule[],
    done: (error: unknown, targets?: SdkSamplingTargets, lastRuleModification?: number) => void,
  ): void;
}

/** The X-Ray SDK and the modules inside it at which this service puts its own parts. One a process. */
export interface XRaySdk {
  readonly core: Core;
  readonly middleware: Core['middleware'] & {
    dynamicNaming: boolean;
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
  readonly TraceId: {
    new (time: string, unique: string): unknown;
    FromString(root: string): unknown;
  };
  readonly CapturedException: { readonly prototype: { init(error: unknown, remote?: boolean): void } };
}

/**
 * Loads the X-Ray SDK in manual mode. Throws when something else has loaded it in automatic mode before: that costs
 * the process half of its throughput and more, and cannot be undone.
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
      TraceId: require('aws-xray-sdk-core/dist/lib/segments/attributes/trace_id'),
      CapturedException: require('aws-xray-sdk-core/dist/lib/segments/attributes/captured_exception'),
    } as XRaySdk;
  });
  if (sdk.core.isAutomaticMode()) throw new Error('the X-Ray SDK was loaded before, in automatic mode');
  return sdk;
}

/**
 * While it loads, the SDK takes settings from `AWS_XRAY_*`, which then win over whatever it is told, and some odd
 * values make it throw. `Config` decides them here, so they are out of sight meanwhile. Manual mode alone has no other
 * switch: without it the SDK turns async_hooks on for the whole process.
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
