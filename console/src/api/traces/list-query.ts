import { z } from 'zod';
import type { TraceSummary } from '../../journal/summary/trace-summary.ts';
import { toTraceId } from '../../trace-id/trace-id.ts';

const MAX_LIMIT = 5000;

const once = z.string('must be given once');

/** The query parameters of `GET /api/traces`. */
export const ListQuery = z.strictObject({
  limit: once
    .regex(/^\d{1,4}$/, `must be a whole number from 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.number().min(1, 'must be at least 1').max(MAX_LIMIT, `must be at most ${MAX_LIMIT}`))
    .default(100),
  text: once.optional(),
  route: once.optional(),
  status: once.regex(/^[1-9](?:xx|\d\d)$/i, 'must be a status such as 404, or 5xx').optional(),
  errors: once
    .pipe(z.enum(['0', '1'], 'must be 1 or 0'))
    .transform((flag) => flag === '1')
    .default(false),
  slower: once
    .regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'must be a number of milliseconds')
    .transform(Number)
    .optional(),
  trace: once
    .transform((id, { addIssue }) => {
      const traceId = toTraceId(id);
      if (traceId === undefined) addIssue('must be the id of a trace, in any of its forms');
      return traceId;
    })
    .optional(),
});

/** Returns the filter for a query. */
export function matcher(query: z.output<typeof ListQuery>): (summary: TraceSummary) => boolean {
  const text = query.text?.toLowerCase();
  const status = query.status?.toLowerCase().replaceAll('x', '');
  return (summary) =>
    (query.trace === undefined || summary.traceId === query.trace || isAlias(summary, query.trace)) &&
    (!query.errors || summary.failed) &&
    (query.slower === undefined || (summary.durationMs ?? 0) > query.slower) &&
    (query.route === undefined || summary.route === query.route) &&
    (status === undefined || String(summary.status ?? '').startsWith(status)) &&
    (text === undefined || textOf(summary).includes(text));
}

function isAlias({ aliases }: TraceSummary, traceId: string): boolean {
  return aliases?.includes(traceId) === true;
}

function textOf({ name, service = '', path = '', traceId, aliases = [] }: TraceSummary): string {
  return `${name}\n${service}\n${path}\n${traceId}\n${aliases.join('\n')}`.toLowerCase();
}
