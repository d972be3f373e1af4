import { stringify } from 'node:querystring';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Cursor } from '../db/paging.ts';

const TIME_BYTES = 6;
const BYTES = TIME_BYTES + 16;
/** 9999-12-31T23:59:59.999Z: ISO 8601 writes later years with a sign, which PostgreSQL cannot parse. */
const LAST_TIME = 253_402_300_799_999;

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

/** Encodes a cursor as 30 URL-safe characters: base64url of the Unix milliseconds and the uuid's bytes. */
export function encodeCursor({ createdAt, uuid }: Cursor): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUIntBE(Date.parse(createdAt), 0, TIME_BYTES);
  bytes.write(uuid.replaceAll('-', ''), TIME_BYTES, 'hex');
  return bytes.toString('base64url');
}

/** Decodes the output of `encodeCursor`; returns undefined for any other text. */
export function decodeCursor(text: string): Cursor | undefined {
  if (text.length !== Math.ceil((BYTES * 8) / 6)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return undefined;
  const time = bytes.readUIntBE(0, TIME_BYTES);
  if (time > LAST_TIME) return undefined;
  return { createdAt: new Date(time).toISOString(), uuid: toUuid(bytes.toString('hex', TIME_BYTES)) };
}

function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
