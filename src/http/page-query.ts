import { stringify } from 'node:querystring';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Cursor } from '../db/paging.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

const LIMIT = /^(?:[1-9]\d?|100)$/;

const limit = z
  .string('limit_invalid')
  .refine((text) => LIMIT.test(text), 'limit_invalid')
  .transform(Number)
  .default(20)
  .meta({
    description: 'Maximum number of rows',
    override: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  });

const before = z
  .string('before_invalid')
  .transform((text, context): Cursor => {
    const cursor = decodeCursor(text);
    if (cursor !== undefined) return cursor;
    context.addIssue('before_invalid');
    return z.NEVER;
  })
  .optional()
  .meta({ description: 'Cursor from the `Link` header of the previous page' });

/** The query parameters of every paged list. */
export const PageQuery = z.object({ limit, before });

/** Sets `Link` (RFC 8288) to the next page, with the same query otherwise; no effect on the last page. */
export function linkNext(request: Request, response: Response, next: Cursor | undefined): void {
  if (next === undefined) return;
  const query = stringify({ ...request.query, before: encodeCursor(next) } as Record<string, string>);
  response.setHeader('Link', `<${request.path}?${query}>; rel="next"`);
}
