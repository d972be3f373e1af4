import type { Request } from 'express';
import { z } from 'zod';
import { HttpError } from '../../lib/errors.ts';

const MAX_LENGTH = 255;
const KEY = new RegExp(`^[\\x20-\\x7e]{1,${MAX_LENGTH}}$`);

/** The request header of every POST. The key is any printable ASCII text, with or without quotes. */
export const IdempotencyHeader = z.object({
  'Idempotency-Key': z.string().min(1).max(MAX_LENGTH).optional().meta({
    description:
      'For 24 hours, a request with the same key and body gets the same answer and is not carried out again.',
    example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
  }),
});

/** Returns the key of the request; undefined without one. Throws a 400 if it is too long or not printable. */
export function idempotencyKeyOf(request: Pick<Request, 'get'>): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || KEY.test(key)) return key;
  throw new HttpError(400, `Idempotency-Key must have 1 to ${MAX_LENGTH} printable ASCII characters.`);
}
