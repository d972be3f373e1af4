import { expect } from 'vitest';

/** Any time as the service writes it: ISO 8601, UTC, milliseconds. */
export const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
