import { type Attributes, type Context, context, createContextKey } from '@opentelemetry/api';
import type { Segment, Subsegment } from 'aws-xray-sdk-core';
import { memoize } from '../lib/memoize.ts';

const SEGMENT = createContextKey('cruddur X-Ray segment');

const annotationOf = memoize((name) => name.replaceAll('.', '_'));

/** Returns the context in which `segment` is the current X-Ray segment or subsegment. */
export function withSegment(parent: Context, segment: Segment | Subsegment): Context {
  return parent.setValue(SEGMENT, segment);
}

/** Returns the current X-Ray segment or subsegment; undefined when X-Ray does not sample the request. */
export function currentSegment(active: Context): Segment | Subsegment | undefined {
  return active.getValue(SEGMENT) as Segment | Subsegment | undefined;
}

/** Returns the X-Ray segment of the current request, also inside a subsegment; undefined if not sampled. */
export function requestSegment(): Segment | undefined {
  const current = currentSegment(context.active());
  return current !== undefined && 'segment' in current ? current.segment : current;
}

/** Adds attributes to a segment as annotations. X-Ray's keys have underscores instead of dots. */
export function annotateSegment(segment: Segment | Subsegment, attributes: Attributes): void {
  for (const name in attributes) {
    const value = attributes[name];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      segment.addAnnotation(annotationOf(name), value);
    }
  }
}
