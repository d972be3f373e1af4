import { type Delivery, Refused, Throttled } from '../delivery/delivery.ts';
import { createHttpPost, type HttpAnswer, type HttpPostOptions } from '../delivery/http-post.ts';
import { retryAfterMs } from '../delivery/retry-after.ts';
import { createCompress } from './compress.ts';
import { ProtobufWriter } from './protobuf/protobuf-writer.ts';
import { rejectedSpans } from './rejected-spans.ts';
import type { SpanBatch } from './span-buffer.ts';
import { encodingOf, type SpanProtocol } from './span-encoding.ts';

const MAX_CONNECTIONS = 2;
const MAX_ANSWER_BYTES = 64_000;
/** Statuses that OTLP calls retryable; all other failures are final. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/** Both names of protobuf are in use. Any other response is read as JSON. */
const PROTOBUF = /^application\/(?:x-)?protobuf\b/i;

export interface SpanExportOptions extends Partial<Pick<HttpPostOptions, 'headers' | 'tls' | 'proxy'>> {
  readonly tracesUrl: string;
  readonly timeoutMs: number;
  readonly protocol: SpanProtocol;
  readonly compression: 'gzip' | 'none';
  /** Returns headers that sign the body. With it, a 401 or 403 is retried: the credentials may be renewed. */
  sign?(body: Buffer): Promise<Record<string, string>>;
  /** The settings to name in the error when the back end rejects the credentials or the path. */
  readonly variables: { readonly credentials: string; readonly address: string };
}

/**
 * Returns a function that sends a batch of spans over OTLP/HTTP, as `BatchQueueOptions.deliver` specifies.
 * The SDK's exporter hides the status and a partial success from its caller, and compresses at a level that
 * costs three times as much.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createSpanExport(options: SpanExportOptions): (batch: SpanBatch) => Promise<Delivery> {
  const { sign } = options;
  const { contentType, join } = encodingOf(options.protocol);
  const zipped = options.compression === 'gzip';
  const post = createHttpPost({
    url: options.tracesUrl,
    headers: {
      ...options.headers,
      'Content-Type': contentType,
      ...(zipped && { 'Content-Encoding': 'gzip' }),
    },
    timeoutMs: options.timeoutMs,
    maxConnections: MAX_CONNECTIONS,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    proxy: options.proxy,
    ...(options.tls && { tls: options.tls }),
  });
  const compress = createCompress();
  /** Kept for reuse once they are answered: an abandoned request may still be read by the socket. */
  const answered: ProtobufWriter[] = [];
  return async (batch) => {
    const request = answered.pop() ?? new ProtobufWriter();
    request.length = 0;
    join(batch, request);
    const body = zipped ? await compress(request.written()) : request.written();
    const answer = await post(body, await sign?.(body));
    answered.push(request);
    return toDelivery(answer, batch.count, options);
  };
}

function toDelivery(
  { status, headers, body, bytes }: HttpAnswer,
  count: number,
  { sign, variables }: SpanExportOptions,
): Delivery {
  const answered = `the back end answered ${status}`;
  if (RETRYABLE.has(status)) throw new Throttled(answered, retryAfterMs(headers['retry-after']));
  if (status === 401 || status === 403) {
    const reason = `${answered}: ${variables.credentials} not accepted`;
    throw sign === undefined ? new Refused(reason) : new Error(reason);
  }
  if (status === 404) throw new Refused(`${answered}: ${variables.address} does not accept traces`);
  if (status < 200 || status >= 300) throw new Refused(answered);
  const rejected = rejectedSpans(PROTOBUF.test(headers['content-type'] ?? '') ? bytes : body);
  // A 2xx response that is not OTLP comes from a proxy or the like.
  if (rejected === undefined) throw new Refused(`${answered} without acknowledging the spans`);
  return { rejected: Math.min(rejected, count), reason: 'partial success: the back end rejected some spans' };
}
