import type { z } from 'zod';
import { HttpError, NotFound, ValidationFailure } from '../lib/errors.ts';

/** All codes of a 422. `user_reciever_handle_blank` is misspelled because clients expect it. */
export const VALIDATION_CODES = [
  'message_blank',
  'message_exceed_max_chars',
  'user_reciever_handle_blank',
  'ttl_blank',
  'search_term_blank',
  'limit_invalid',
  'before_invalid',
] as const;

/** Parses the path parameters. Throws `NotFound` for an invalid value, because nothing can exist there. */
export function parseParams<S extends z.ZodObject>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new NotFound('There is nothing at this path.');
}

/** Parses the query. Throws the error of the first invalid field, in the order of the schema. */
export function parseQuery<S extends z.ZodObject>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw toHttpError(parsed.error);
}

/** Parses the body as `parseQuery` does. JSON that is not an object counts as an object without fields. */
export function parseBody<S extends z.ZodObject>(schema: S, body: unknown): z.output<S> {
  const hasFields = typeof body === 'object' && body !== null && !Array.isArray(body);
  return parseQuery(schema, hasFields ? body : {});
}

/** The message of an issue is the validation code or, if `params` has a status, the detail for the caller. */
function toHttpError({ issues: [issue] }: z.ZodError): HttpError {
  const message = issue?.message ?? '';
  const status: unknown = issue?.code === 'custom' ? issue.params?.status : undefined;
  return typeof status === 'number' ? new HttpError(status, message) : new ValidationFailure(message);
}
