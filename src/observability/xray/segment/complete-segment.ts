import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request, Response } from 'express';
import { didClientLeave } from '../../request/disconnect.ts';
import { routeOf } from '../../request/route.ts';
import { annotateSegment } from '../../segment-context.ts';

/** The SDK counts the open subsegments, and sends a closed segment when it has none. */
type SegmentWithCounter = Segment & { counter: number };

/** Adds the route when the response ends, and marks a disconnected client. */
export function completeSegment(segment: Segment, request: Request, response: Response): void {
  const route = routeOf(request);
  if (route !== undefined) annotateSegment(segment, { [ATTR_HTTP_ROUTE]: route });
  if (response.writableFinished) return;
  if (didClientLeave(response)) segment.addAnnotation('client_aborted', true);
  // At a shutdown, the work in progress ends when the database closes: after X-Ray's drain.
  else (segment as SegmentWithCounter).counter = 0;
}
