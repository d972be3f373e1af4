import { DatabaseError } from 'pg';
import { HttpError, Unavailable } from '../lib/errors.ts';

/**
 * SQLSTATE classes that say "not now" rather than "not so": connection exceptions, refused logins, a database that
 * does not exist, rollbacks for others' sake (deadlock), no resources, system errors. (PostgreSQL, appendix A.)
 */
const UNAVAILABLE_CLASSES = new Set(['08', '28', '3D', '40', '53', '58']);

/**
 * Single states that say the same: a standby or a server made read-only at a failover (25006), a transaction ended for
 * idling (25P03), a lock not granted in time (55P03), a statement stopped at its time limit (57014), a server that
 * shuts down, crashed or starts up (57P01 to 57P03), a session ended for idling (57P05).
 */
const UNAVAILABLE_STATES = new Set(['25006', '25P03', '55P03', '57014', '57P01', '57P02', '57P03', '57P05']);

/** States after which the connection goes on as if nothing had happened, though the service is unavailable. */
const HARMLESS_STATES = new Set(['40001', '40P01', '55P03', '57014']);

/** A text that the database's encoding has no place for: U+0000, for one. */
const UNSTORABLE_TEXT = new Set(['22021', '22P05']);

/**
 * What a failed statement means to the caller of the API: `Unavailable` when the database cannot be reached or cannot
 * serve now, 400 for a text that it cannot store, and the error itself (a fault of ours) for all else.
 * Whatever the driver reports without a SQLSTATE is a failure of the connection.
 */
export function toHttpError(error: unknown): unknown {
  if (error instanceof HttpError) return error;
  const state = sqlState(error);
  if (state === undefined || isUnavailable(state)) {
    return new Unavailable('The database cannot be reached or is overloaded; try again in a moment.', error);
  }
  if (UNSTORABLE_TEXT.has(state)) {
    return new HttpError(400, 'The text holds a character that cannot be stored.', { cause: error });
  }
  return error;
}

/** The SQLSTATE of a failed statement, or of what `toHttpError` made of it; none when PostgreSQL gave none. */
export function sqlState(error: unknown): string | undefined {
  const failure = error instanceof HttpError ? error.cause : error;
  return failure instanceof DatabaseError ? failure.code : undefined;
}

/** Whether the connection on which a statement failed may serve the next one. */
export function keepsConnection(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (HARMLESS_STATES.has(state) || !isUnavailable(state));
}

function isUnavailable(state: string): boolean {
  return UNAVAILABLE_STATES.has(state) || UNAVAILABLE_CLASSES.has(state.slice(0, 2));
}
