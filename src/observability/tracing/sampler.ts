import {
  type Attributes,
  type Context,
  INVALID_TRACEID,
  type SpanContext,
  type SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import {
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
} from '@opentelemetry/sdk-trace';
import { ATTR_NETWORK_PEER_ADDRESS } from '@opentelemetry/semantic-conventions';
import type { Config } from '../../config/config.ts';
import { ATTR_SAMPLE_RATE } from '../attributes.ts';
import type { TrustsFlag } from '../flag-trust.ts';
import { type Caller, callerOf } from './caller.ts';
import { createRatioSampler, type WeighTrace } from './ratio-sampler.ts';
import type { SpanLimit } from './span-limit.ts';

type SamplerConfig = Pick<NonNullable<Config['otlp']>, 'sampler' | 'samplerRatio'>;

export interface SamplerOptions {
  readonly trustsFlag: TrustsFlag;
  newTraceId(): string;
  /** Absent when spans are not limited. */
  readonly limit?: SpanLimit | undefined;
}

/** What a trace that a caller's flag samples weighs: nothing is known of the requests it stands for. */
const UNKNOWN_WEIGHT = 0;

const REFUSED: SamplingResult = { decision: SamplingDecision.NOT_RECORD };
const UNWEIGHTED: SamplingResult = { decision: SamplingDecision.RECORD_AND_SAMPLED };

/**
 * Creates the sampler that `OTEL_TRACES_SAMPLER` names, with these changes. A caller whose flag is not
 * trusted cannot decide, neither by its flag nor by choosing a trace id that the ratio samples: a random id
 * decides. Spans of traces that a ratio of ours samples carry `SampleRate`, by which Honeycomb weights them.
 * Spans below the first span of a request follow it.
 */
export function createSampler(config: SamplerConfig, options: SamplerOptions): Sampler {
  const { trustsFlag, newTraceId, limit } = options;
  const followsCallers = config.sampler.startsWith('parentbased_');
  const weigh = createWeighing(config);
  const hasRatio = config.sampler.endsWith('traceidratio') && config.samplerRatio < 1;
  /** The weight of the traces that the limit refused: the next one stands for them as well. */
  let refusedWeight = 0;

  function sampledWith(weight: number): SamplingResult {
    if (weight === UNKNOWN_WEIGHT || (weight === 1 && !hasRatio)) return UNWEIGHTED;
    return { decision: SamplingDecision.RECORD_AND_SAMPLED, attributes: { [ATTR_SAMPLE_RATE]: weight } };
  }

  function admit(weight: number): SamplingResult {
    if (limit === undefined) return sampledWith(weight);
    if (!limit.admit()) {
      refusedWeight += weight;
      return REFUSED;
    }
    if (weight === UNKNOWN_WEIGHT) return UNWEIGHTED;
    const total = weight + refusedWeight;
    refusedWeight = 0;
    return sampledWith(total);
  }

  function decide(traceId: string): SamplingResult {
    const weight = weigh(traceId);
    return weight === 0 ? REFUSED : admit(weight);
  }

  function decideForCaller(caller: Caller, isTrusted: boolean, traceId: string): SamplingResult {
    if (!isTrusted) return decide(newTraceId());
    if (!followsCallers || caller.sampled === undefined) return decide(traceId);
    return caller.sampled ? admit(UNKNOWN_WEIGHT) : REFUSED;
  }

  function follow(parent: Context, { traceFlags }: SpanContext): SamplingResult {
    if ((traceFlags & TraceFlags.SAMPLED) === 0) return REFUSED;
    limit?.charge();
    const weight = (trace.getSpan(parent) as Partial<ReadableSpan>).attributes?.[ATTR_SAMPLE_RATE];
    return typeof weight === 'number' ? sampledWith(weight) : UNWEIGHTED;
  }

  return {
    shouldSample(parent: Context, traceId: string, _name: string, _kind: SpanKind, attributes: Attributes) {
      const span = trace.getSpanContext(parent);
      const isFirst = span === undefined || span.isRemote === true || span.traceId === INVALID_TRACEID;
      if (!isFirst) return follow(parent, span);
      const caller = callerOf(parent, traceId);
      if (caller === undefined) return decide(span === undefined ? traceId : newTraceId());
      const isTrusted = trustsFlag(attributes[ATTR_NETWORK_PEER_ADDRESS], caller.forwardedFor);
      const result = decideForCaller(caller, isTrusted, traceId);
      return caller.state === undefined ? result : { ...result, traceState: caller.state };
    },
    toString: () => `Cruddur{${config.sampler}}`,
  };
}

/** Returns the number of requests that a trace stands for if it is sampled, else 0, by its id. */
function createWeighing({ sampler, samplerRatio }: SamplerConfig): WeighTrace {
  if (sampler.endsWith('traceidratio')) return createRatioSampler(samplerRatio);
  return sampler.endsWith('always_on') ? () => 1 : () => 0;
}
