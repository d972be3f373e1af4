import type { z } from 'zod';
import type { ProxyEnvironment } from '../../config/ways-out/proxy-variables.ts';
import { describeError } from '../../lib/describe-error.ts';
import { createHttpPost } from '../../observability/delivery/http-post.ts';
import { explainError } from './explain-error.ts';
import type { HoneycombOptions } from './options.ts';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 10_000_000;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Honeycomb's API for one environment. */
export interface HoneycombApi {
  /** Sends one request and resolves with the JSON. A rejection's message is one sentence, without the key. */
  send(method: Method, path: string, body?: object): Promise<unknown>;
}

/**
 * Creates a client of https://docs.honeycomb.io/api/. Not with `fetch`, which connects without end, and
 * without a pause, to a proxy that closes the connection.
 */
export function createHoneycombApi(
  { endpoint, key = '' }: HoneycombOptions,
  proxy?: ProxyEnvironment,
): HoneycombApi {
  const { origin, host } = new URL(endpoint);
  return {
    async send(method, path, body) {
      const request = createHttpPost({
        url: origin + path,
        method,
        headers: { 'X-Honeycomb-Team': key, ...(body && { 'Content-Type': 'application/json' }) },
        timeoutMs: TIMEOUT_MS,
        maxAnswerBytes: MAX_ANSWER_BYTES,
        maxConnections: 1,
        proxy,
      });
      const answer = await request(Buffer.from(body ? JSON.stringify(body) : '')).catch((error) => {
        throw new Error(`${host} cannot be reached: ${describeError(error)}`);
      });
      const { status, headers, body: text } = answer;
      if (status < 200 || status > 299) {
        const failure = { method, path, status, text, retryAfter: headers['retry-after'] ?? null };
        throw new Error(explainError(failure).replaceAll(key || '\0', '[key]'));
      }
      return parse(text, `${method} ${path}: another service, not Honeycomb, answers at ${host}`);
    },
  };
}

/** Creates a client that prints each request instead of sending it, and returns placeholder ids. */
export function createDryRunApi({ endpoint }: HoneycombOptions, print: (text: string) => void): HoneycombApi {
  const { origin } = new URL(endpoint);
  let created = 0;
  return {
    async send(method, path, body) {
      print(`${method} ${origin}${path}\n${body ? `${JSON.stringify(body, undefined, 2)}\n` : ''}`);
      created += method === 'POST' ? 1 : 0;
      return method === 'GET' ? [] : { id: `ID-OF-REQUEST-${created}` };
    },
  };
}

/** Validates a response. Throws an error of one sentence if it does not match the schema. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`the response does not match Honeycomb's API: ${issue?.path.join('.')} ${issue?.message}`);
}

function parse(text: string, errorMessage: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(errorMessage);
  }
}
