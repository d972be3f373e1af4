import { stringify } from 'node:querystring';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Cursor } from './page.ts';

const LIMIT = /^(?:[1-9]\d?|100)$/;

const limit = z
  .string('limit_invalid')
  .refine((text) => LIMIT.test(text), 'limit_invalid')
  .transform(Number)
  .default(20)
  .meta({
    description: 'How many rows, at most',
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
  .meta({ description: 'Where the page starts: the cursor in the `Link` header of the page before' });

/** The query of every list that has pages. */
export const PageQuery = z.object({ limit, before });

/** Names the next page in `Link` (RFC 8288), with the rest of the query as it came; does nothing on the last page. */
export function linkNext(request: Request, response: Response, next: Cursor | undefined): void {
  if (next === undefined) return;
  const query = stringify({ ...request.query, before: encodeCursor(next) } as Record<string, string>);
  response.setHeader('Link', `<${request.path}?${query}>; rel="next"`);
}
