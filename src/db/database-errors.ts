import { DatabaseError } from 'pg';
import { HttpError, Unavailable } from '../lib/errors.ts';

/**
 * SQLSTATE classes of temporary or environment failures, as opposed to faulty statements (PostgreSQL,
 * appendix A): 08 connection exception, 28 invalid authorization, 3D database does not exist, 40 transaction
 * rollback (deadlock), 53 insufficient resources, 58 system error.
 */
const UNAVAILABLE_CLASSES = new Set(['08', '28', '3D', '40', '53', '58']);

/**
 * Further such states: 25006 read-only server (a standby, or during a failover), 25P03 transaction idle
 * timeout, 55P03 lock timeout, 57014 statement timeout, 57P01 to 57P03 server shutting down, crashed or
 * starting up, 57P05 session idle timeout.
 */
const UNAVAILABLE_STATES = new Set(['25006', '25P03', '55P03', '57014', '57P01', '57P02', '57P03', '57P05']);

/** The unavailable states after which the connection is still usable. */
const HARMLESS_STATES = new Set(['40001', '40P01', '55P03', '57014']);

/** The text cannot be represented in the encoding of the database; U+0000 for example. */
const UNSTORABLE_TEXT = new Set(['22021', '22P05']);

/**
 * Maps the error of a failed statement to what the API responds: `Unavailable` if the database is unreachable
 * or temporarily cannot serve, 400 for a text that it cannot store. Returns any other error unchanged: it is
 * a fault of the service. An error without a SQLSTATE is a failure of the connection.
 */
export function toHttpError(error: unknown): unknown {
  if (error instanceof HttpError) return error;
  const state = sqlState(error);
  if (state === undefined || isUnavailable(state)) {
    return new Unavailable('The database cannot be reached or is overloaded; try again in a moment.', error);
  }
  if (UNSTORABLE_TEXT.has(state)) {
    return new HttpError(400, 'The text contains a character that cannot be stored.', { cause: error });
  }
  return error;
}

/** Returns the SQLSTATE of an error, also after `toHttpError`; undefined if the error is not PostgreSQL's. */
export function sqlState(error: unknown): string | undefined {
  const failure = error instanceof HttpError ? error.cause : error;
  return failure instanceof DatabaseError ? failure.code : undefined;
}

/** Returns whether the connection is still usable after this error. */
export function keepsConnection(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (HARMLESS_STATES.has(state) || !isUnavailable(state));
}

function isUnavailable(state: string): boolean {
  return UNAVAILABLE_STATES.has(state) || UNAVAILABLE_CLASSES.has(state.slice(0, 2));
}
