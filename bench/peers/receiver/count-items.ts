import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { countOtlpSpans } from './count-otlp-spans.ts';

/** Number of items per kind, for example `spans`. */
export type Items = Record<string, number>;

/** Returns how many items of which kind a request to a back end carries; none if it carries none. */
export function countItems(url: string, headers: IncomingHttpHeaders, raw: Buffer): Items {
  const body = decode(headers['content-encoding'], raw);
  if (url === '/v1/traces') {
    const isJson = String(headers['content-type']).startsWith('application/json');
    return { spans: isJson ? occurrences(body, '"spanId":') : countOtlpSpans(body) };
  }
  if (url === '/v0.4/traces') return { spans: occurrences(body, 'span_id') };
  if (url.startsWith('/intake/v2/events'))
    return countLines(body, /^\{"(transaction|span|error|metricset)":/);
  if (url.includes('/envelope/')) return countLines(body, /^\{"type":"(\w+)"(?:,"item_count":(\d+))?/);
  if (url.startsWith('/api/1/item')) return { 'Rollbar items': 1 };
  if (String(headers['x-amz-target']).endsWith('PutLogEvents')) {
    return { 'log lines': JSON.parse(body.toString()).logEvents.length };
  }
  return {};
}

/** Adds `more` to `items`. */
export function addItems(items: Items, more: Items): void {
  for (const [kind, count] of Object.entries(more)) items[kind] = (items[kind] ?? 0) + count;
}

function decode(encoding: string | undefined, body: Buffer): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'deflate' ? inflateSync(body) : body;
}

function occurrences(body: Buffer, text: string): number {
  let count = 0;
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) count += 1;
  return count;
}

/** Counts per kind, the first group of `pattern`; a line stands for as many as its second group says. */
function countLines(body: Buffer, pattern: RegExp): Items {
  const items: Items = {};
  for (const line of body.toString().split('\n')) {
    const [, kind, count = 1] = pattern.exec(line) ?? [];
    if (kind) addItems(items, { [`${kind}s`]: Number(count) });
  }
  return items;
}
