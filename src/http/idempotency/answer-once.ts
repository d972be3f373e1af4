import { createHash } from 'node:crypto';
import type { Queryable } from '../../db/query.ts';
import { HttpError } from '../../lib/errors.ts';
import { INSERT_KEY, LOCK_KEY, SELECT_KEY } from './idempotency-queries.ts';

interface KeyedRequest {
  /** Keys of different owners are independent. */
  readonly owner: string;
  readonly key: string;
  /** The route and the validated input, as any JSON. */
  readonly request: unknown;
}

/**
 * Resolves with the recorded answer of an earlier request with the key, or else with that of `write`, which
 * it records for 24 hours. Runs in the transaction of `connection`: if `write` fails, nothing is recorded,
 * and the key may be used again. Rejects with 409 while another request with the key is in flight, and with
 * 422 if the recorded request was different (draft-ietf-httpapi-idempotency-key-header).
 */
export async function answerOnce<Answer>(
  connection: Queryable,
  { owner, key, request }: KeyedRequest,
  write: () => Promise<Answer>,
): Promise<Answer> {
  const values = [owner, key];
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest();
  const [lock] = await connection.query<{ locked: boolean }>({ ...LOCK_KEY, values });
  if (lock?.locked !== true) throw new HttpError(409, IN_FLIGHT, { headers: { 'Retry-After': '1' } });

  const [found] = await connection.query<{ fingerprint: Buffer; answer: string }>({ ...SELECT_KEY, values });
  if (found !== undefined) {
    if (!fingerprint.equals(found.fingerprint)) throw new HttpError(422, OTHER_REQUEST);
    return JSON.parse(found.answer);
  }
  const answer = await write();
  await connection.query({ ...INSERT_KEY, values: [...values, fingerprint, JSON.stringify(answer)] });
  return answer;
}

const IN_FLIGHT = 'A request with this Idempotency-Key is still in progress.';
const OTHER_REQUEST = 'This Idempotency-Key was used with another request.';
