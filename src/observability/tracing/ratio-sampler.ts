import { ROOT_CONTEXT } from '@opentelemetry/api';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';

/**
 * Returns the number of requests that a trace stands for if the ratio samples it, by its id; 0 if it does
 * not.
 */
export type WeighTrace = (traceId: string) => number;

/**
 * Creates the decision of a ratio. Honeycomb's weights are integers, so that a ratio that is no 1/N gives one
 * trace the next lower and another the next higher weight, in the proportion that keeps counts right on
 * average. Both follow from the same id, and so are the same for all spans of a trace.
 */
export function createRatioSampler(ratio: number): WeighTrace {
  const weight = ratio === 0 ? 0 : 1 / ratio;
  const lower = Math.floor(weight);
  const samples = createIdSampler(ratio);
  if (weight === lower) return (traceId) => (samples(traceId) ? lower : 0);
  // The share of the ids with the higher weight. The sampler picks them from among those that `ratio` picks.
  const isHigher = createIdSampler(ratio * (weight - lower));
  return (traceId) => {
    if (!samples(traceId)) return 0;
    return isHigher(traceId) ? lower + 1 : lower;
  };
}

function createIdSampler(ratio: number): (traceId: string) => boolean {
  const sampler = new TraceIdRatioBasedSampler(ratio);
  return (traceId) =>
    sampler.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
}
