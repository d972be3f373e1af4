import express, { type Request, type RequestHandler } from 'express';
import { HttpError } from '../lib/errors.ts';

const TYPE = 'application/json';

const parse = express.json({ limit: '100kb', strict: false, type: TYPE });

/** What body-parser's error types mean to the caller; its own messages quote the body. */
const PROBLEMS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  'entity.parse.failed': [400, 'The body is not well-formed JSON.'],
  'entity.too.large': [413, 'The body is larger than 100 kB.'],
  'charset.unsupported': [415, 'The body is in a charset that is not supported: send UTF-8.'],
  'encoding.unsupported': [415, 'The body is in a content encoding that is not supported.'],
  'request.aborted': [400, 'The body ended before its time.'],
  'request.size.invalid': [400, 'The body is not as long as its Content-Length says.'],
  // The connection is gone: nothing else reads the request.
  'stream.not.readable': [400, 'The body ended before its time.'],
};

/** Reads a JSON body of up to 100 kB into `request.body`. No body is fine, one of another type is not: 415. */
export const jsonBody: RequestHandler = (request, response, next) => {
  if (!hasBody(request)) return next();
  if (!request.is(TYPE)) return next(new HttpError(415, `The body must be ${TYPE}.`));
  parse(request, response, (error?: unknown) => (error === undefined ? next() : next(toHttpError(error))));
};

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** What is left, such as a stream that does not decompress, is the caller's too, or has a status above 499. */
function toHttpError(error: unknown): unknown {
  const { type = '', status } = error as { type?: string; status?: number };
  const [known, detail] = PROBLEMS[type] ?? [status, 'The body cannot be read.'];
  return known !== undefined && known < 500 ? new HttpError(known, detail) : error;
}
