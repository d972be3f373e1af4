import { type Attributes, type Context, type Link, type SpanKind, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { ATTR_NETWORK_PEER_ADDRESS } from '@opentelemetry/semantic-conventions';
import type { Config } from '../../config/config.ts';
import { ATTR_SAMPLE_RATE } from '../attributes.ts';
import type { IsTrustedPeer } from '../trusted-peer.ts';

type HoneycombConfig = NonNullable<Config['otlp']>;

/**
 * Creates the sampler that `OTEL_TRACES_SAMPLER` names, with two changes. First, a caller outside the trusted
 * proxies cannot decide, neither by its flag nor by choosing a trace id that the ratio samples: the decision
 * for the first span uses a random id of its own, and its child spans follow it. Second, spans that a ratio
 * samples carry `SampleRate`, by which Honeycomb weights them.
 */
export function createSampler(
  config: Pick<HoneycombConfig, 'sampler' | 'samplerRatio'>,
  { isTrustedPeer, newTraceId }: { isTrustedPeer: IsTrustedPeer; newTraceId: () => string },
): Sampler {
  const named = namedSampler(config);
  const following = config.sampler === 'traceidratio' ? new ParentBasedSampler({ root: named }) : named;
  const rate =
    config.sampler.endsWith('traceidratio') && config.samplerRatio > 0 ? 1 / config.samplerRatio : 1;
  const weight = rate > 1 ? { [ATTR_SAMPLE_RATE]: Math.round(rate) } : undefined;
  return {
    shouldSample(
      parent: Context,
      traceId: string,
      name: string,
      kind: SpanKind,
      attributes: Attributes,
      links: Link[],
    ) {
      const caller = trace.getSpanContext(parent);
      const isFirst = caller === undefined || caller.isRemote === true;
      const sampler = isFirst ? named : following;
      const result =
        isFirst && !isTrustedPeer(attributes[ATTR_NETWORK_PEER_ADDRESS] as string | undefined)
          ? sampler.shouldSample(trace.deleteSpan(parent), newTraceId(), name, kind, attributes, links)
          : sampler.shouldSample(parent, traceId, name, kind, attributes, links);
      if (weight === undefined || result.decision !== SamplingDecision.RECORD_AND_SAMPLED) return result;
      return { ...result, attributes: weight };
    },
    toString: () => `Cruddur{${named}}`,
  };
}

function namedSampler({ sampler, samplerRatio }: Pick<HoneycombConfig, 'sampler' | 'samplerRatio'>): Sampler {
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(samplerRatio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(samplerRatio) });
  }
}
