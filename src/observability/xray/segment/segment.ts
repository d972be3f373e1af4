import { context, trace } from '@opentelemetry/api';
import type { Segment } from 'aws-xray-sdk-core';
import type { Request, RequestHandler, Response } from 'express';
import type { SinkCounters } from '../../delivery/sink-counters.ts';
import { finalStatus } from '../../request/disconnect.ts';
import { withSegment } from '../../segment-context.ts';
import type { XRaySdk } from '../sdk.ts';
import { completeSegment } from './complete-segment.ts';
import { linkForeignId } from './foreign-trace-id.ts';
import { hostOf, viewRequest } from './request-view.ts';
import { ResponseView } from './response-view.ts';
import { type DynamicName, sanitiseName } from './segment-names.ts';

const DYNAMIC_NAME = 'dynamic_name';
const nothing = () => {};

/**
 * Returns the name of the rule that samples the request, `true` for another reason, or a falsy value. A rule
 * matches by the service's own name, or by the dynamic one.
 */
export type DecideSampling = (
  request: Request,
  serviceName: string,
  dynamicName: string | undefined,
) => string | boolean | undefined;

export interface SegmentOptions {
  readonly sdk: Pick<XRaySdk, 'openSegment'>;
  readonly serviceName: string;
  /** Undefined where no pattern of names is configured. */
  readonly dynamicNameOf: DynamicName | undefined;
  readonly decide: DecideSampling;
  readonly sink: SinkCounters;
}

/**
 * Creates the middleware that opens the request's segment and runs the next handlers inside it. A request
 * that is not sampled gets no segment and no listener. Each segment has the service's own name, by which
 * X-Ray's groups and sampling rules find it; a dynamic name is an annotation.
 */
export function createSegmentMiddleware(options: SegmentOptions): RequestHandler {
  const { dynamicNameOf, decide, sink } = options;
  const serviceName = sanitiseName(options.serviceName);
  const open = options.sdk.openSegment(serviceName);

  function openSegment(request: Request, response: Response, dynamicName: string | undefined): Segment {
    const span = trace.getActiveSpan()?.spanContext();
    if (span === undefined) throw new Error('the request has no trace id');
    const requestView = viewRequest(request, span);
    const responseView = new ResponseView();
    // The SDK's middleware sets `requestView.segment`. All other code reads the OpenTelemetry context.
    open(requestView as unknown as Request, responseView as unknown as Response, nothing);
    const { segment } = requestView;
    if (segment === undefined) throw new Error('the X-Ray SDK opened no segment');
    if (dynamicName !== undefined) segment.addAnnotation(DYNAMIC_NAME, dynamicName);
    linkForeignId(segment, span);
    response.once('close', () => {
      completeSegment(segment, request, response);
      responseView.end(finalStatus(response));
    });
    return segment;
  }

  /** Returns undefined if the request is not sampled, or if the SDK fails. */
  function sampleRequest(request: Request, response: Response): Segment | undefined {
    try {
      const dynamicName = dynamicNameOf?.(hostOf(request));
      const decision = decide(request, serviceName, dynamicName);
      if (decision === undefined || decision === false) return undefined;
      const segment = openSegment(request, response, dynamicName);
      if (decision !== true) segment.setMatchedSamplingRule(decision);
      return segment;
    } catch (error) {
      sink.failed(error);
      return undefined;
    }
  }

  return (request, response, next) => {
    const segment = sampleRequest(request, response);
    if (segment === undefined) next();
    else context.with(withSegment(context.active(), segment), next);
  };
}
