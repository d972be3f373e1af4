import type { z } from 'zod';
import { describeError } from '../../lib/describe-error.ts';
import { explainError } from './explain-error.ts';
import type { HoneycombOptions } from './options.ts';

const TIMEOUT_MS = 15_000;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Honeycomb's API of an environment. */
export interface HoneycombApi {
  /** Sends one request; resolves with the JSON of the answer. Rejects with one plain sentence, without the key. */
  send(method: Method, path: string, body?: object): Promise<unknown>;
}

/** Creates the client. https://docs.honeycomb.io/api/ */
export function createHoneycombApi({ endpoint, key = '' }: HoneycombOptions): HoneycombApi {
  const { origin, host } = new URL(endpoint);
  return {
    async send(method, path, body) {
      const response = await fetch(origin + path, {
        method,
        // A header of one's own would follow to another host.
        redirect: 'manual',
        headers: { 'X-Honeycomb-Team': key, ...(body && { 'Content-Type': 'application/json' }) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body && { body: JSON.stringify(body) }),
      }).catch((error) => {
        throw new Error(`${host} cannot be reached: ${describeError((error as Error).cause ?? error)}`);
      });
      const text = await response.text();
      if (!response.ok) {
        const refusal = {
          method,
          path,
          status: response.status,
          text,
          retryAfter: response.headers.get('retry-after'),
        };
        throw new Error(explainError(refusal).replaceAll(key || '\0', '[key]'));
      }
      return parse(text, `${method} ${path}: something else than Honeycomb answers at ${host}`);
    },
  };
}

/** Prints each request in place of sending it; an id that Honeycomb would give is named after what it is of. */
export function createDryRunApi({ endpoint }: HoneycombOptions, print: (text: string) => void): HoneycombApi {
  const { origin } = new URL(endpoint);
  let made = 0;
  return {
    async send(method, path, body) {
      print(`${method} ${origin}${path}\n${body ? `${JSON.stringify(body, undefined, 2)}\n` : ''}`);
      made += method === 'POST' ? 1 : 0;
      return method === 'GET' ? [] : { id: `ID-OF-REQUEST-${made}` };
    },
  };
}

/** An answer as its schema says; throws one plain sentence when it is not. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.infer<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(
    `the answer is not what Honeycomb's API documents: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

function parse(text: string, otherwise: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(otherwise);
  }
}
