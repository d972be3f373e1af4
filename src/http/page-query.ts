import { stringify } from 'node:querystring';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Cursor } from '../db/paging.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

const DEFAULT_LIMIT = 20;
const LIMIT = /^(?:[1-9]\d?|100)$/;

const limit = z
  .string('limit_invalid')
  .refine((text) => LIMIT.test(text), 'limit_invalid')
  .transform(Number)
  .default(DEFAULT_LIMIT)
  .meta({
    description: 'Maximum number of rows',
    override: { type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_LIMIT },
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

/** Proxies and clients reject long headers. */
const MAX_LINK_LENGTH = 2048;

/**
 * Returns a function that sets `Link` (RFC 8288) to the next page, with the other parameters of `schema` as
 * they are in the request. It is a relative reference, so that it is right behind a path prefix. The function
 * does nothing on the last page, and if the link is longer than 2 kB.
 */
export function nextLink(schema: z.ZodObject | undefined) {
  const names = Object.keys(schema?.shape ?? {});
  return ({ query }: Request, response: Response, next: Cursor | undefined): void => {
    if (next === undefined) return;
    const { limit = DEFAULT_LIMIT, ...given } = query;
    const others = names.filter((name) => name !== 'before' && given[name] !== undefined);
    const parameters = others.map((name): [string, unknown] => [name, given[name]]);
    const reference = stringify({
      ...(Object.fromEntries(parameters) as Record<string, string>),
      limit: String(limit),
      before: encodeCursor(next),
    });
    const link = `<?${reference}>; rel="next"`;
    if (link.length <= MAX_LINK_LENGTH) response.setHeader('Link', link);
  };
}
