import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { SpanContext } from '@opentelemetry/api';
import { PRIVATE } from '../middleware/cache-control.ts';
import { securityHeadersOf } from '../middleware/security-headers.ts';
import { traceHeadersOf } from '../middleware/trace-headers.ts';
import { PROBLEM_TYPE, problemText } from '../problem.ts';
import type { Refusal } from './refusals.ts';

/** Returns the bytes of a response that no request stands for. */
export function problemBytes(
  refusal: Refusal,
  span: SpanContext,
  more: Readonly<Record<string, string>>,
): string {
  const text = problemText(refusal, '/', span.traceId);
  const headers = Object.entries({
    ...Object.fromEntries(securityHeadersOf()),
    'Cache-Control': PRIVATE,
    Vary: 'Origin',
    ...traceHeadersOf(span),
    ...more,
    Date: new Date().toUTCString(),
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\n${lines}\r\n${text}`;
}

/** Ends a response whose middleware has run, outside of its request's context. */
export function endWithProblem(response: ServerResponse, refusal: Refusal): void {
  const [, traceId] = String(response.getHeader('traceresponse')).split('-');
  const [path = '/'] = (response.req.url ?? '').split('?', 1);
  const text = problemText(refusal, path, traceId);
  response.writeHead(refusal.status, {
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(text),
    Connection: 'close',
  });
  response.end(text);
}
