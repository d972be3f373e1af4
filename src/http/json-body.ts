import { AsyncResource } from 'node:async_hooks';
import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { HttpError } from '../lib/errors.ts';

const TYPE = 'application/json';

const LIMIT_BYTES = 100 * 1024;
const TOO_LARGE = 'The body is larger than 100 kB.';

const parse = express.json({ limit: LIMIT_BYTES, strict: false, type: TYPE, verify });

/** Responses by body-parser's error type. Its own messages are not used because they quote the body. */
const PROBLEMS: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  'entity.parse.failed': [400, 'The body is not well-formed JSON.'],
  'entity.verify.failed': [400, 'The body is not UTF-8.'],
  'entity.too.large': [413, TOO_LARGE],
  'charset.unsupported': [415, 'The charset of the body is not supported; use UTF-8.'],
  'encoding.unsupported': [415, 'The content encoding of the body is not supported.'],
  'request.aborted': [400, 'The body is incomplete.'],
  'request.size.invalid': [400, 'The length of the body differs from Content-Length.'],
  // Only a lost connection causes this: nothing else reads the request.
  'stream.not.readable': [400, 'The body is incomplete.'],
};

/** Parses a JSON body of up to 100 kB into `request.body`. No body is allowed; another type is a 415. */
export const jsonBody: RequestHandler = (request, response, next) => {
  if (!hasBody(request)) return next();
  if (!request.is(TYPE)) return next(new HttpError(415, `The body must be ${TYPE}.`));
  let isTooLarge = false;
  refuseTooLarge(request, () => {
    isTooLarge = true;
    next(new HttpError(413, TOO_LARGE));
  });
  if (isTooLarge) return;
  parse(request, response, (error?: unknown) => {
    if (!isTooLarge) next(error === undefined ? undefined : toHttpError(error));
  });
};

/**
 * Calls `refuse` as soon as a body turns out to be longer than the limit. The parser reads such a body to its
 * end before it says so, and the end may be minutes and gigabytes away.
 */
function refuseTooLarge(request: Request, refuse: () => void): void {
  const length = request.headers['content-length'];
  if (Number(length) > LIMIT_BYTES) refuse();
  if (length !== undefined) return;
  // The body arrives outside of the request's context.
  const refuseInContext = AsyncResource.bind(refuse);
  let received = 0;
  request.on('data', function count(chunk: Buffer) {
    received += chunk.length;
    if (received <= LIMIT_BYTES) return;
    request.off('data', count);
    refuseInContext();
  });
}

/**
 * Checks the decompressed bytes: RFC 8259 wants UTF-8, and the decoder would replace what is not. A byte
 * order mark is allowed, and ignored.
 */
function verify(_request: unknown, _response: unknown, bytes: Buffer, charset: string): void {
  if (charset !== 'utf-8') throw Object.assign(new Error('not UTF-8'), { type: 'charset.unsupported' });
  if (!isUtf8(bytes)) throw new Error('not UTF-8');
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Maps other 4xx errors, such as failed decompression, to their status; returns all others unchanged. */
function toHttpError(error: unknown): unknown {
  const { type = '', status } = error as { type?: string; status?: number };
  const [known, detail] = PROBLEMS[type] ?? [status, 'The body cannot be read.'];
  return known !== undefined && known < 500 ? new HttpError(known, detail) : error;
}
