import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request, Response } from 'express';
import { didClientLeave, finalStatus } from '../../request/disconnect.ts';
import { routeOf } from '../../request/route.ts';
import { annotateSegment } from '../../segment-context.ts';

/** The SDK calls `close` when the response ends, to add the status. */
type SegmentWithHttp = Segment & {
  http: { response?: { status: number }; close(): void };
  /** Open subsegments. The SDK sends a closed segment when it has none. */
  counter: number;
};

/**
 * Adds the route when the response ends. Marks a disconnected client, and replaces a status that was not
 * sent: by 499, which is an error of the client, or by 503, which is a fault.
 */
export function completeSegment(segment: Segment, request: Request, response: Response): void {
  if (segment.isClosed()) return;
  const route = routeOf(request);
  if (route !== undefined) annotateSegment(segment, { [ATTR_HTTP_ROUTE]: route });
  if (response.writableFinished) return;
  const left = didClientLeave(response);
  if (left) segment.addAnnotation('client_aborted', true);
  // At a shutdown, the work in progress ends when the database closes: after X-Ray's drain.
  else (segment as SegmentWithHttp).counter = 0;
  if (response.headersSent) return;
  if (left) segment.addErrorFlag();
  else segment.addFaultFlag();
  const { http } = segment as SegmentWithHttp;
  http.close = () => {
    http.response = { status: finalStatus(response) };
  };
}
