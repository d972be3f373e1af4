import type { z } from 'zod';
import { describeError } from '../../lib/describe-error.ts';
import { explainError } from './explain-error.ts';
import type { HoneycombOptions } from './options.ts';

const TIMEOUT_MS = 15_000;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Honeycomb's API for one environment. */
export interface HoneycombApi {
  /** Sends one request and resolves with the JSON. A rejection's message is one sentence, without the key. */
  send(method: Method, path: string, body?: object): Promise<unknown>;
}

/** Creates a client of https://docs.honeycomb.io/api/. */
export function createHoneycombApi({ endpoint, key = '' }: HoneycombOptions): HoneycombApi {
  const { origin, host } = new URL(endpoint);
  return {
    async send(method, path, body) {
      const response = await fetch(origin + path, {
        method,
        // `fetch` would send the key to the host of a redirect.
        redirect: 'manual',
        headers: { 'X-Honeycomb-Team': key, ...(body && { 'Content-Type': 'application/json' }) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body && { body: JSON.stringify(body) }),
      }).catch((error) => {
        throw new Error(`${host} cannot be reached: ${describeError((error as Error).cause ?? error)}`);
      });
      const text = await response.text();
      if (!response.ok) {
        const failure = {
          method,
          path,
          status: response.status,
          text,
          retryAfter: response.headers.get('retry-after'),
        };
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
