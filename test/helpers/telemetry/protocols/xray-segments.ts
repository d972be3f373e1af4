import { z } from 'zod';
import { type HttpProtocol, parseJson } from './http-receiver.ts';

/**
 * A segment or subsegment document; times are seconds since the epoch. Further fields are kept as sent.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
 */
export interface SegmentDocument {
  readonly id: string;
  readonly name: string;
  readonly trace_id?: string;
  readonly parent_id?: string;
  readonly type?: string;
  readonly start_time: number;
  readonly fault?: boolean;
  readonly cause?: unknown;
  readonly http?: { readonly request?: Record<string, unknown>; readonly response?: Record<string, unknown> };
  readonly annotations?: Record<string, string | number | boolean>;
  readonly metadata?: Record<string, Record<string, unknown>>;
  readonly subsegments?: readonly SegmentDocument[];
  readonly [field: string]: unknown;
}

const MAX_BYTES = 64 * 1024;

const entityId = z.string().regex(/^[0-9a-f]{16}$/);
const record = z.record(z.string(), z.unknown());
const Entity = z
  .looseObject({
    id: entityId,
    name: z.string().min(1).max(200),
    start_time: z.number(),
    end_time: z.number().optional(),
    in_progress: z.literal(true).optional(),
    parent_id: entityId.optional(),
    fault: z.boolean().optional(),
    http: z.strictObject({ request: record.optional(), response: record.optional() }).optional(),
    annotations: z
      .record(z.string().regex(/^\w+$/), z.union([z.string(), z.number(), z.boolean()]))
      .optional(),
    metadata: z.record(z.string(), record).optional(),
    get subsegments(): z.ZodOptional<z.ZodArray<z.ZodType>> {
      return z.array(Entity).optional();
    },
  })
  .refine((entity) => (entity.end_time === undefined) === (entity.in_progress === true), {
    error: 'has either end_time or in_progress',
  });
const Segment = z.intersection(
  Entity,
  z.looseObject({
    trace_id: z.string().regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    type: z.literal('subsegment').optional(),
  }),
);
/** A daemon that had to drop segments reports how many. */
const PutTelemetryRecords = z.looseObject({
  TelemetryRecords: z.array(z.looseObject({ SegmentsSpilloverCount: z.literal(0).optional() })),
});
const PutTraceSegments = z.strictObject({ TraceSegmentDocuments: z.array(z.string()).max(50) });

/** Reads one document. Throws when X-Ray would not process it. */
export function readSegment(document: string): SegmentDocument {
  if (Buffer.byteLength(document) > MAX_BYTES) throw new Error(`a segment is larger than ${MAX_BYTES} bytes`);
  return Segment.parse(parseJson(document)) as SegmentDocument;
}

/**
 * Receives the calls by which an X-Ray daemon passes segments on. https://docs.aws.amazon.com/xray/latest/api
 */
export function xraySegments(onSegment: (segment: SegmentDocument) => void): HttpProtocol {
  return {
    name: 'xray',
    matches: (path) => path === '/TraceSegments' || path === '/TelemetryRecords',
    receive({ path, json }) {
      if (path === '/TelemetryRecords') {
        PutTelemetryRecords.parse(json);
        return { status: 200, body: {} };
      }
      for (const document of PutTraceSegments.parse(json).TraceSegmentDocuments)
        onSegment(readSegment(document));
      return { status: 200, body: { UnprocessedTraceSegments: [] } };
    },
    refuse: (Message) => ({ status: 400, body: { Message } }),
  };
}

/**
 * Puts subsegments that were sent apart under their parents. Those without a parent here stay at the top. A
 * document that was sent again, first in progress and then whole, counts once, in its last form.
 */
export function assembleSegments(documents: readonly SegmentDocument[]): SegmentDocument[] {
  const byId = new Map(documents.map((document) => [`${document.trace_id} ${document.id}`, document]));
  const latest = [...byId.values()];
  const known = new Set(latest.flatMap(idsOf));
  const isApart = ({ type, parent_id }: SegmentDocument) =>
    type === 'subsegment' && known.has(String(parent_id));
  const apart = Map.groupBy(latest.filter(isApart), ({ parent_id }) => parent_id);

  function assemble(document: SegmentDocument): SegmentDocument {
    const children = [...(document.subsegments ?? []), ...(apart.get(document.id) ?? [])];
    return children.length === 0 ? document : { ...document, subsegments: children.map(assemble) };
  }
  return latest.filter((document) => !isApart(document)).map(assemble);
}

function idsOf({ id, subsegments = [] }: SegmentDocument): string[] {
  return [id, ...subsegments.flatMap(idsOf)];
}
