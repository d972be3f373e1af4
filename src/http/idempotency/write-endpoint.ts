import type { Request } from 'express';
import type { z } from 'zod';
import type { Database } from '../../db/database.ts';
import type { Queryable } from '../../db/query.ts';
import { Unavailable } from '../../lib/errors.ts';
import { type Description, type Endpoint, endpoint, type Input, type Schema } from '../endpoint.ts';
import { answerOnce } from './answer-once.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';

interface WriteEndpointSpec<P extends Schema, B extends Schema, R extends z.ZodType>
  extends Omit<Description<P, undefined, B>, 'method'> {
  readonly response: R;
  /** Uses `connection` for all of its statements, so that they and the record of the answer are atomic. */
  write(input: Input<P, undefined, B>, connection: Queryable): Promise<z.output<R>>;
}

/**
 * Returns a function that creates the routes of a feature's POSTs. Without an `Idempotency-Key` they call
 * `write`, and a 503 has no `Retry-After` if the outcome is unknown: to try again may store the same twice.
 * With a key they call it at most once per key and `owner`; see `answerOnce`.
 */
export function writeEndpoints(database: Database, owner: string) {
  return <R extends z.ZodType, P extends Schema = undefined, B extends Schema = undefined>(
    spec: WriteEndpointSpec<P, B, R>,
  ): Endpoint => {
    const { write, ...description } = spec;
    return endpoint({
      ...description,
      method: 'post',
      handle(input: Input<P, undefined, B>, request: Request) {
        const key = idempotencyKeyOf(request);
        if (key === undefined) return write(input, database).catch(rejectWithoutRetry);
        const { path } = description;
        return database.transaction((connection) =>
          answerOnce(connection, { owner, key, request: [path, input] }, () => write(input, connection)),
        );
      },
    });
  };
}

function rejectWithoutRetry(error: unknown): never {
  if (!(error instanceof Unavailable && error.outcomeUnknown)) throw error;
  throw new Unavailable(UNKNOWN, error.cause, { outcomeUnknown: true, retryable: false });
}

const UNKNOWN = 'The database did not answer, so it is not known whether the request was carried out.';
