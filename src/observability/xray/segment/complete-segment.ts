import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request, Response } from 'express';
import { annotateSegment } from '../../segment-context.ts';

/** The SDK calls `close` when the response ends, to add the status. */
type SegmentWithHttp = Segment & { http: { close(response: Response): void } };

/**
 * Adds the route when the response ends. Marks a disconnected client, and omits a status that was not sent.
 */
export function completeSegment(segment: Segment, request: Request, response: Response): void {
  if (segment.isClosed()) return;
  const route: unknown = request.route?.path;
  if (typeof route === 'string') annotateSegment(segment, { [ATTR_HTTP_ROUTE]: request.baseUrl + route });
  if (response.writableFinished) return;
  segment.addAnnotation('client_aborted', true);
  if (!response.headersSent) (segment as SegmentWithHttp).http.close = () => {};
}
