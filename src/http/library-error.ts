import { HttpError } from '../lib/errors.ts';

/** Detail of a 400. */
export const MALFORMED_PATH = 'The path is not well-formed percent-encoding.';

/** The libraries' own messages are not used because they may quote the request. */
const DETAILS: Readonly<Record<number, string>> = {
  412: 'A precondition of the request does not hold.',
  416: 'The range lies outside of the file.',
};

/**
 * Returns an `HttpError` for an error that blames the caller and comes from the router or from http-errors,
 * which `send` and body-parser use. Returns everything else unchanged.
 */
export function fromLibrary(thrown: Error): Error {
  if (isFromRouter(thrown)) return new HttpError(400, MALFORMED_PATH);
  const status = statusOf(thrown);
  return status === undefined
    ? thrown
    : new HttpError(status, DETAILS[status] ?? 'The request is not valid.');
}

/** The router adds a status to the error of `decodeURIComponent`. */
function isFromRouter(thrown: Error): boolean {
  return thrown instanceof URIError && 'status' in thrown && thrown.status === 400;
}

/**
 * Returns the 4xx of an error of http-errors. Its classes have `status` and `expose` on their prototypes, so
 * an error of another origin that merely carries a status does not pass.
 */
function statusOf(thrown: Error): number | undefined {
  if (Object.hasOwn(thrown, 'status')) return undefined;
  const { status, expose } = Object.getPrototypeOf(thrown) as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 && expose === true ? status : undefined;
}
