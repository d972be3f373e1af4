import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Delivery, Refused, Throttled } from '../delivery/delivery.ts';
import { createHttpPost, type HttpAnswer, type HttpPostOptions } from '../delivery/http-post.ts';
import { retryAfterMs } from '../delivery/retry-after.ts';
import { toKeyValues } from './span-json.ts';
import type { QueuedSpan } from './span-queue.ts';
import { bytesOf } from './string-arena.ts';

const MAX_CONNECTIONS = 2;
const MAX_ANSWER_BYTES = 64_000;
/** Statuses that OTLP calls retryable; all other failures are final. */
const RETRYABLE = new Set([429, 502, 503, 504]);

const COMMA = Buffer.from(',');

const compress = promisify(gzip);

export interface SpanExportOptions extends Partial<Pick<HttpPostOptions, 'headers' | 'tls' | 'proxy'>> {
  readonly tracesUrl: string;
  readonly timeoutMs: number;
  readonly compression: 'gzip' | 'none';
  /** Returns headers that sign the body. With it, a 401 or 403 is retried: the credentials may be renewed. */
  sign?(body: Buffer): Promise<Record<string, string>>;
  /** The settings to name in the error when the back end rejects the credentials or the path. */
  readonly variables: { readonly credentials: string; readonly address: string };
}

/**
 * Returns a function that sends a batch of spans over OTLP/HTTP in JSON, as `BatchQueueOptions.deliver`
 * specifies. The SDK's exporter hides the status and a partial success from its caller, and compresses at a
 * level that costs three times as much.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createSpanExport(
  options: SpanExportOptions,
): (spans: readonly QueuedSpan[]) => Promise<Delivery> {
  const { sign } = options;
  const zipped = options.compression === 'gzip';
  const post = createHttpPost({
    url: options.tracesUrl,
    headers: {
      ...options.headers,
      'Content-Type': 'application/json',
      ...(zipped && { 'Content-Encoding': 'gzip' }),
    },
    timeoutMs: options.timeoutMs,
    maxConnections: MAX_CONNECTIONS,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    proxy: options.proxy,
    ...(options.tls && { tls: options.tls }),
  });
  return async (spans) => {
    const whole = requestOf(spans);
    const body = zipped ? await compress(whole, { level: 1 }) : whole;
    return toDelivery(await post(body, await sign?.(body)), spans.length, options);
  };
}

/** Builds an ExportTraceServiceRequest: spans grouped by scope. All spans of a process share one resource. */
function requestOf(spans: readonly QueuedSpan[]): Buffer {
  const resource = { attributes: toKeyValues(spans[0]?.resource.attributes), droppedAttributesCount: 0 };
  const parts: Buffer[] = [];
  for (const [{ name, version, schemaUrl }, group] of Map.groupBy(spans, ({ scope }) => scope)) {
    const head = JSON.stringify({ schemaUrl, scope: { name, version } }).slice(0, -1);
    const opening =
      parts.length === 0 ? `{"resourceSpans":[{"resource":${JSON.stringify(resource)},"scopeSpans":[` : ']},';
    parts.push(Buffer.from(`${opening}${head},"spans":[`));
    for (const [index, { json }] of group.entries()) {
      if (index > 0) parts.push(COMMA);
      parts.push(bytesOf(json));
    }
  }
  return Buffer.concat([...parts, Buffer.from(']}]}]}')]);
}

function toDelivery(
  { status, headers, body }: HttpAnswer,
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
  const rejected = Math.min(rejectedSpans(body, answered), count);
  return { rejected, reason: 'partial success: the back end rejected some spans' };
}

/** Returns the count of a partial success. A 2xx response that is not OTLP comes from a proxy or the like. */
function rejectedSpans(body: string, answered: string): number {
  if (body === '') return 0;
  try {
    const answer = JSON.parse(body);
    if (typeof answer === 'object' && answer !== null)
      return Number(answer.partialSuccess?.rejectedSpans ?? 0) || 0;
  } catch {}
  throw new Refused(`${answered} without acknowledging the spans`);
}
