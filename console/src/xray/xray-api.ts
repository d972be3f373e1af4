import { type HttpReceiver, UnreadableInput } from '../http/receiver.ts';
import type { Journal } from '../journal/journal.ts';
import { asNumber, asRecord } from '../json.ts';
import { batchGetTraces } from './batch-get-traces.ts';
import { keepSegments } from './segment-documents.ts';
import { readInput, refuseRequest, xrayAnswer } from './xray-http.ts';

type Input = Record<string, unknown>;

const MAX_SEGMENTS = 50;
/** The scope in the signature of a request to X-Ray. */
const SIGNED = '/xray/aws4_request';
/** The paths of operations that the console does not have, for requests without a signature. */
const MISSING = new RegExp(
  `^/(?:${[
    '(?:Get|Create|Update|Delete)Group|Groups',
    '(?:Create|Update|Delete)SamplingRule|SamplingStatisticSummaries',
    'Insight(?:Events|ImpactGraph|Summaries)?|TimeSeriesServiceStatistics',
    '(?:Service|Trace)Graph|TraceSummaries|(?:Put)?EncryptionConfig',
    '(?:Put|List|Delete)ResourcePolic(?:y|ies)|(?:Tag|Untag|ListTagsFor)Resource',
  ].join('|')})$`,
);

/**
 * Receives the operations of the X-Ray API that the real daemon and `aws xray` call, except for sampling:
 * PutTraceSegments, PutTelemetryRecords and BatchGetTraces.
 * https://docs.aws.amazon.com/xray/latest/api/API_Operations.html
 */
export function createXrayApi(journal: Journal): HttpReceiver {
  const operations = new Map<string, (input: Input) => unknown>([
    ['/TraceSegments', (input) => putTraceSegments(journal, input)],
    ['/TelemetryRecords', (input) => putTelemetryRecords(journal, input)],
    ['/Traces', (input) => batchGetTraces(journal, input)],
  ]);
  return {
    protocol: 'xray',
    matches: ({ path, headers }) =>
      operations.has(path) || MISSING.test(path) || headers.authorization?.includes(SIGNED) === true,
    receive(request) {
      const operation = operations.get(request.path);
      if (!operation)
        throw new UnreadableInput(404, `no operation of X-Ray at ${request.path.slice(0, 200)}`);
      return xrayAnswer(operation(readInput(request)) ?? {});
    },
    refuse: refuseRequest,
  };
}

function putTraceSegments(journal: Journal, { TraceSegmentDocuments: documents }: Input): unknown {
  if (!Array.isArray(documents) || !documents.every((document) => typeof document === 'string')) {
    throw new UnreadableInput(400, 'TraceSegmentDocuments is not an array of strings');
  }
  if (documents.length > MAX_SEGMENTS) {
    throw new UnreadableInput(400, `Exceeding maximum segment count: ${MAX_SEGMENTS}`);
  }
  return { UnprocessedTraceSegments: documents.flatMap((document) => keepSegments(journal, document)) };
}

/** Records the segments that the daemon reports as dropped, because they are missing in the journal. */
function putTelemetryRecords(journal: Journal, { TelemetryRecords: records }: Input): void {
  if (!Array.isArray(records)) throw new UnreadableInput(400, 'TelemetryRecords is not an array');
  for (const record of records) {
    const dropped = asNumber(asRecord(record).SegmentsSpilloverCount ?? 0);
    if (dropped > 0) {
      journal.recordUnreadable('xray', `the daemon dropped ${dropped} segments`, JSON.stringify(record));
    }
  }
}
