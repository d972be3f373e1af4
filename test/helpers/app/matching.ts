import { expect } from 'vitest';
import type { z } from 'zod';

/** Reads a body by the schema that documents it, and fails when the body holds more than that. */
export function matching<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.parse(body);
  expect(body).toEqual(parsed);
  return parsed;
}
