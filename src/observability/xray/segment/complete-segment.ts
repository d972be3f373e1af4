import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request, Response } from 'express';
import { CLIENT_CLOSED_REQUEST, didClientLeave } from '../../request/disconnect.ts';
import { annotateSegment } from '../../segment-context.ts';

/** The SDK calls `close` when the response ends, to add the status. */
type SegmentWithHttp = Segment & { http: { response?: { status: number }; close(): void } };

/**
 * Adds the route when the response ends. Marks a disconnected client, and replaces a status that was not sent
 * by 499, which is an error of the client.
 */
export function completeSegment(segment: Segment, request: Request, response: Response): void {
  if (segment.isClosed()) return;
  const route: unknown = request.route?.path;
  if (typeof route === 'string') annotateSegment(segment, { [ATTR_HTTP_ROUTE]: request.baseUrl + route });
  if (!didClientLeave(response)) return;
  segment.addAnnotation('client_aborted', true);
  if (response.headersSent) return;
  segment.addErrorFlag();
  const { http } = segment as SegmentWithHttp;
  http.close = () => {
    http.response = { status: CLIENT_CLOSED_REQUEST };
  };
}
