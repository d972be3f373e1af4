import type { IncomingHttpHeaders } from 'node:http';
import { type Delivery, Refused, Throttled } from '../delivery/delivery.ts';
import { createHttpPost, type HttpAnswer, type HttpPostOptions } from '../delivery/http-post.ts';
import { retryAfterMs } from '../delivery/retry-after.ts';

const TIMEOUT_MS = 5_000;
const MAX_PAUSE_MS = 60_000;

export interface RollbarDeliveryOptions extends Pick<HttpPostOptions, 'proxy'> {
  readonly endpoint: string;
  readonly accessToken: string;
  readonly maxConnections: number;
}

/**
 * Returns a function that posts payloads to Rollbar's item API, one per request. It rejects as
 * `BatchQueueOptions.deliver` specifies, with messages of its own, because Rollbar's may repeat the report.
 * https://docs.rollbar.com/reference/create-item
 */
export function createRollbarDelivery(
  options: RollbarDeliveryOptions,
): (batch: readonly Buffer[]) => Promise<Delivery> {
  const post = createHttpPost({
    url: options.endpoint,
    headers: { 'Content-Type': 'application/json', 'X-Rollbar-Access-Token': options.accessToken },
    timeoutMs: TIMEOUT_MS,
    maxConnections: options.maxConnections,
    maxAnswerBytes: 64_000,
    proxy: options.proxy,
  });
  return async (batch) => {
    for (const payload of batch) expectAcknowledgement(await post(payload));
    return { rejected: 0 };
  };
}

function expectAcknowledgement({ status, headers, body }: HttpAnswer): void {
  const answered = `Rollbar answered ${status}`;
  if (status === 429) throw new Throttled(answered, pauseMs(headers));
  if (status === 408 || status >= 500) throw new Error(answered);
  if (status === 401 || status === 403)
    throw new Refused(`${answered}: ROLLBAR_ACCESS_TOKEN is not accepted`);
  if (status < 200 || status >= 300) throw new Refused(answered);
  if (!isAcknowledged(body)) throw new Refused(`${answered} without acknowledging the report`);
}

function isAcknowledged(body: string): boolean {
  try {
    return JSON.parse(body)?.err === 0;
  } catch {
    return false;
  }
}

function pauseMs(headers: IncomingHttpHeaders): number {
  const asked = headers['x-rate-limit-remaining-seconds'] ?? headers['retry-after'];
  return Math.min(retryAfterMs(String(asked)), MAX_PAUSE_MS);
}
