import { expect } from 'vitest';

/** Matches any time that the service writes: ISO 8601, UTC, milliseconds. */
export const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
