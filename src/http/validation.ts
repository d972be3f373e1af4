import type { z } from 'zod';
import { HttpError, NotFound, ValidationFailure } from '../lib/errors.ts';

/** Every code of a 422. The misspelling is what clients know. */
export const VALIDATION_CODES = [
  'message_blank',
  'message_exceed_max_chars',
  'user_reciever_handle_blank',
  'ttl_blank',
  'search_term_blank',
  'limit_invalid',
  'before_invalid',
] as const;

/** Parses the path's parameters. A value that cannot be is a thing that does not exist: 404. */
export function parseParams<S extends z.ZodObject>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  throw new NotFound('There is nothing at this path.');
}

/** Parses the query. The first field at fault, in the schema's order, gives the answer. */
export function parseQuery<S extends z.ZodObject>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  throw toHttpError(parsed.error);
}

/** Parses the body as `parseQuery` does; JSON that is not an object has no fields. */
export function parseBody<S extends z.ZodObject>(schema: S, body: unknown): z.output<S> {
  const hasFields = typeof body === 'object' && body !== null && !Array.isArray(body);
  return parseQuery(schema, hasFields ? body : {});
}

/** Issues carry the validation code as their message, or a status of their own and words for the caller. */
function toHttpError({ issues: [issue] }: z.ZodError): HttpError {
  const message = issue?.message ?? '';
  const status: unknown = issue?.code === 'custom' ? issue.params?.status : undefined;
  return typeof status === 'number' ? new HttpError(status, message) : new ValidationFailure(message);
}
