import { context } from '@opentelemetry/api';
import { ATTR_HTTP_ROUTE } from '@opentelemetry/semantic-conventions';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request, RequestHandler, Response } from 'express';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { hostOf, viewRequest } from './request-view.ts';
import type { XRaySdk } from './sdk.ts';
import { annotateSegment, withSegment } from './segment-context.ts';

/** X-Ray takes trace ids whose time is at most 30 days past; clocks differ a little. */
const OLDEST_SECONDS = 30 * 24 * 3600;
const NEWEST_SECONDS = 300;

const MAX_NAME_LENGTH = 200;

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html#api-segmentdocuments-fields */
const NOT_IN_NAMES = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;

/** Decides on a request: the name of the rule that samples it, or `true` when something else does. */
export type DecideSampling = (request: Request, name: string) => string | boolean | undefined;

/** The SDK calls `close` at the end, to add the status. */
type SegmentWithHttp = Segment & { http: { close(response: Response): void } };

export interface SegmentOptions {
  readonly sdk: Pick<XRaySdk, 'openSegment'>;
  readonly serviceName: string;
  nameOf(request: Request): string;
  readonly decide: DecideSampling;
  readonly sink: SinkCounters;
}

/**
 * Makes the middleware that opens the request's segment and runs what follows inside it. A request that is not
 * sampled goes on at once, without segment or listener.
 */
export function createSegmentMiddleware(options: SegmentOptions): RequestHandler {
  const { nameOf, decide, sink } = options;
  const open = options.sdk.openSegment(sanitiseName(options.serviceName));

  function openSegment(request: Request, response: Response, name: string): Segment {
    const view = viewRequest(request);
    // Before the SDK's listeners, which send the segment.
    const complete = () => view.segment && completeSegment(view.segment, request, response);
    response.once('finish', complete).once('close', complete);
    // The SDK's middleware sets `segment` on the view. Everything else reads it from the OpenTelemetry context.
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

/** Adds what is known at the end only. A segment whose client went away says so, and claims no status if none left. */
function completeSegment(segment: Segment, request: Request, response: Response): void {
  if (segment.isClosed()) return;
  const route: unknown = request.route?.path;
  if (typeof route === 'string') annotateSegment(segment, { [ATTR_HTTP_ROUTE]: request.baseUrl + route });
  if (response.writableFinished) return;
  segment.addAnnotation('client_aborted', true);
  if (!response.headersSent) (segment as SegmentWithHttp).http.close = () => {};
}

/**
 * A caller's `traceparent` may hold an id that does not begin with a time. X-Ray may show such a trace at the wrong
 * time or not at all, so its id can be searched for as well.
 */
function annotateForeignId(segment: Segment): void {
  const [, time = '', unique = ''] = segment.trace_id.split('-');
  const age = Date.now() / 1000 - Number.parseInt(time, 16);
  if (age > OLDEST_SECONDS || age < -NEWEST_SECONDS) segment.addAnnotation('otel_trace_id', time + unique);
}

/** A name as X-Ray takes it. */
function sanitiseName(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).replace(NOT_IN_NAMES, '_');
}

/** Names segments: after the `Host` header where `pattern` is given and matches, else always the same. */
export function createNaming(sdk: XRaySdk, serviceName: string, pattern: string | undefined) {
  const { middleware } = sdk;
  const name = sanitiseName(serviceName);
  middleware.dynamicNaming = false;
  if (pattern === undefined) return () => name;
  middleware.enableDynamicNaming(pattern);
  return (request: Request) => sanitiseName(middleware.resolveName(hostOf(request)));
}
