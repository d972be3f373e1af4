/** Stands in place of every secret, in all four systems. */
export const REDACTED = '[redacted]';
