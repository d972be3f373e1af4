import { z } from 'zod';
import { parseCondition } from './conditions.ts';

const MAX_WAIT_MS = 60_000;
const MAX_CONDITIONS = 100;

const Has = z.string().transform((text, { addIssue }) => {
  const condition = parseCondition(text);
  if (condition) return condition;
  addIssue('must be span, segment, log or error, or one of these with a name, as in span:home-activities');
  return z.NEVER;
});

/** The query parameters of `GET /api/traces/:id`. `wait` is parsed to milliseconds. */
export const WaitQuery = z.strictObject({
  wait: z
    .string('must be given once')
    .regex(/^\d{1,6}m?s$/, 'must be a time such as 5s or 500ms')
    .transform((text) => Number.parseInt(text, 10) * (text.endsWith('ms') ? 1 : 1000))
    .pipe(z.number().max(MAX_WAIT_MS, `must be at most ${MAX_WAIT_MS / 1000}s`))
    .default(0),
  has: z
    .union([z.array(z.string()), z.string().transform((one) => [one])])
    .pipe(z.array(Has).max(MAX_CONDITIONS, `must be given at most ${MAX_CONDITIONS} times`))
    .default([]),
});
