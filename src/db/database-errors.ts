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

/** A table, column, function or schema does not exist: a migration is missing. */
const OUTDATED_STATES = new Set(['42P01', '42703', '42883', '3F000']);

/**
 * The statement may have taken effect: 08007 and 40003 say so, 57P02 is a crash, and poolers report with
 * 08P01 that they lost the server.
 */
const UNKNOWN_STATES = new Set(['08000', '08003', '08006', '08007', '08P01', '40003', '57P02']);

/** The text cannot be represented in the encoding of the database; U+0000 for example. */
const UNSTORABLE_TEXT = new Set(['22021', '22P05']);

const UNREACHABLE = 'The database cannot be reached or is overloaded; try again in a moment.';
const OUTDATED = 'The database schema is not up to date; try again in a moment.';

/** Maps the failure of an attempt to connect, whatever it is. */
export function toConnectError(error: unknown): HttpError {
  return error instanceof HttpError ? error : new Unavailable(UNREACHABLE, error);
}

/**
 * Maps the error of a failed statement to what the API responds: `Unavailable` if the database is
 * unreachable, cannot serve for now, or lacks a migration; 400 for a text that it cannot store. Returns any
 * other error unchanged: it is a fault of the service. An error without a SQLSTATE is a failure of the
 * connection. `rollsBack` tells that the statement has no effect when its connection fails.
 */
export function toStatementError(error: unknown, { rollsBack }: { readonly rollsBack: boolean }): unknown {
  if (error instanceof HttpError) return error;
  const state = sqlState(error);
  if (state === undefined || isUnavailable(state)) {
    const outcomeUnknown = !rollsBack && (state === undefined || UNKNOWN_STATES.has(state));
    return new Unavailable(UNREACHABLE, error, { outcomeUnknown });
  }
  if (OUTDATED_STATES.has(state)) return new Unavailable(OUTDATED, error);
  if (UNSTORABLE_TEXT.has(state)) {
    return new HttpError(400, 'The text contains a character that cannot be stored.', { cause: error });
  }
  return error;
}

/** Returns the SQLSTATE of an error, also after `toStatementError`; undefined if it is not PostgreSQL's. */
export function sqlState(error: unknown): string | undefined {
  const failure = error instanceof HttpError ? error.cause : error;
  return failure instanceof DatabaseError ? failure.code : undefined;
}

/** Returns whether the connection is still usable after this error. */
export function keepsConnection(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (HARMLESS_STATES.has(state) || !isUnavailable(state));
}

/** Returns whether the server is a standby, or became one. */
export function isReadOnly(error: unknown): boolean {
  return sqlState(error) === '25006';
}

/** Returns whether a statement failed because a table, column, function or schema does not exist. */
export function isOutdated(error: unknown): boolean {
  return OUTDATED_STATES.has(sqlState(error) ?? '');
}

function isUnavailable(state: string): boolean {
  return UNAVAILABLE_STATES.has(state) || UNAVAILABLE_CLASSES.has(state.slice(0, 2));
}
