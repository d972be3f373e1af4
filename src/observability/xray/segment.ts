import { context } from '@opentelemetry/api';
import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request, RequestHandler, Response } from 'express';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { annotateSegment, withSegment } from '../segment-context.ts';
import { hostOf, viewRequest } from './request-view.ts';
import type { XRaySdk } from './sdk.ts';

/** X-Ray accepts trace ids whose time is at most 30 days ago. The upper limit allows for clock skew. */
const OLDEST_SECONDS = 30 * 24 * 3600;
const NEWEST_SECONDS = 300;

const MAX_NAME_LENGTH = 200;

/**
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-fields
 */
const NOT_IN_NAMES = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;

/** Returns the name of the rule that samples the request, `true` for another reason, or a falsy value. */
export type DecideSampling = (request: Request, name: string) => string | boolean | undefined;

/** The SDK calls `close` when the response ends, to add the status. */
type SegmentWithHttp = Segment & { http: { close(response: Response): void } };

export interface SegmentOptions {
  readonly sdk: Pick<XRaySdk, 'openSegment'>;
  readonly serviceName: string;
  nameOf(request: Request): string;
  readonly decide: DecideSampling;
  readonly sink: SinkCounters;
}

/**
 * Creates the middleware that opens the request's segment and runs the next handlers inside it. A request
 * that is not sampled gets no segment and no listener.
 */
export function createSegmentMiddleware(options: SegmentOptions): RequestHandler {
  const { nameOf, decide, sink } = options;
  const open = options.sdk.openSegment(sanitiseName(options.serviceName));

  function openSegment(request: Request, response: Response, name: string): Segment {
    const view = viewRequest(request);
    // These must run before the SDK's listeners, which send the segment.
    const complete = () => view.segment && completeSegment(view.segment, request, response);
    response.once('finish', complete).once('close', complete);
    // The SDK's middleware sets `view.segment`. All other code reads the OpenTelemetry context.
    open(view as unknown as Request, response, () => {});
    const { segment } = view;
    if (segment === undefined) throw new Error('the X-Ray SDK opened no segment');
    segment.name = name;
    annotateForeignId(segment);
    return segment;
  }

  return (request, response, next) => {
    const name = nameOf(request);
    const decision = decide(request, name);
    if (decision === undefined || decision === false) {
      next();
      return;
    }
    let segment: Segment;
    try {
      segment = openSegment(request, response, name);
      if (decision !== true) segment.setMatchedSamplingRule(decision);
    } catch (error) {
      sink.failed(error);
      next();
      return;
    }
    context.with(withSegment(context.active(), segment), next);
  };
}

/**
 * Adds the route when the response ends. Marks a disconnected client, and omits a status that was not sent.
 */
function completeSegment(segment: Segment, request: Request, response: Response): void {
  if (segment.isClosed()) return;
  const route: unknown = request.route?.path;
  if (typeof route === 'string') annotateSegment(segment, { [ATTR_HTTP_ROUTE]: request.baseUrl + route });
  if (response.writableFinished) return;
  segment.addAnnotation('client_aborted', true);
  if (!response.headersSent) (segment as SegmentWithHttp).http.close = () => {};
}

/**
 * Annotates a trace id that does not begin with a recent time, as a caller's `traceparent` may have it. X-Ray
 * may show such a trace at the wrong time or not at all, but finds it by the annotation.
 */
function annotateForeignId(segment: Segment): void {
  const [, time = '', unique = ''] = segment.trace_id.split('-');
  const age = Date.now() / 1000 - Number.parseInt(time, 16);
  if (age > OLDEST_SECONDS || age < -NEWEST_SECONDS) segment.addAnnotation('otel_trace_id', time + unique);
}

/** Replaces the characters that X-Ray does not accept in names. */
function sanitiseName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(NOT_IN_NAMES, '_');
}

/**
 * Returns the function that names segments: by the `Host` header if it matches `pattern`, or by the service.
 */
export function createNaming(sdk: XRaySdk, serviceName: string, pattern: string | undefined) {
  const { middleware } = sdk;
  const name = sanitiseName(serviceName);
  middleware.dynamicNaming = false;
  if (pattern === undefined) return () => name;
  middleware.enableDynamicNaming(pattern);
  return (request: Request) => sanitiseName(middleware.resolveName(hostOf(request)));
}
