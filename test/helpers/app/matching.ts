import { expect } from 'vitest';
import type { z } from 'zod';

/** Parses a body by the schema that documents it. Fails when the body has more than the schema. */
export function matching<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.parse(body);
  expect(body).toEqual(parsed);
  return parsed;
}
