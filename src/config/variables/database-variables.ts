import { z } from 'zod';
import { hasCertificates } from '../database-url/database-tls.ts';
import { file, integer } from './values.ts';

const QUOTED_PASSWORD =
  'must not be in quotes; a password that has them is percent-encoded in DATABASE_URL, as %22 or %27';

/** The database, the limits of its connection pool, and the data that is deleted with age. */
export const DATABASE_VARIABLES = {
  // `database-url/` judges its content, together with the next two.
  DATABASE_URL: z
    .string()
    .optional()
    .describe(
      'PostgreSQL 15 to 18: a connection URL as libpq reads it, with one or several hosts or a Unix socket, ' +
        '`sslmode` and other options. `npm start` runs an embedded database without it; the API alone ' +
        'requires it.',
    ),
  DATABASE_PASSWORD: z
    .string()
    .refine((password) => !/^(["']).*\1$/s.test(password), QUOTED_PASSWORD)
    .optional()
    .describe('The password as it is, without percent-encoding. Replaces that of `DATABASE_URL`.'),
  DATABASE_CA_CERTIFICATE: file
    .refine(hasCertificates, 'must name a PEM file of certificates')
    .optional()
    .describe(
      'PEM file of the authorities that may sign the certificate of the database, such as the bundle ' +
        'of RDS; replaces `sslrootcert` in `DATABASE_URL`. Where the URL has no `sslmode`, it is then ' +
        '`verify-full`.',
    ),
  DATABASE_POOL_SIZE: integer(1, 1000)
    .default(10)
    .describe('Maximum number of database connections of one process, besides one for `/readyz`.'),
  DATABASE_CONNECT_TIMEOUT_MS: integer(100, 600_000)
    .default(3000)
    .describe('Maximum time a query waits for a connection, in milliseconds.'),
  DATABASE_STATEMENT_TIMEOUT_MS: integer(100, 600_000)
    .default(5000)
    .describe('Time limit of a statement, in milliseconds, enforced by the server.'),
  DATABASE_MIGRATION_TIMEOUT_MS: integer(1000, 86_400_000)
    .default(120_000)
    .describe(
      'Time limit of a statement of a migration, in milliseconds, including the wait while another ' +
        'replica migrates.',
    ),
  DATABASE_IDLE_TIMEOUT_MS: integer(1000, 86_400_000)
    .default(30_000)
    .describe('Time after which an unused database connection is closed, in milliseconds.'),
  DATABASE_MAX_LIFETIME_MS: integer(1000, 86_400_000)
    .default(1_800_000)
    .describe('Age at which a database connection is replaced, in milliseconds.'),
  CLEANUP_INTERVAL_MS: integer(100, 86_400_000)
    .default(60_000)
    .describe(
      'Time between two deletions of expired activities and old idempotency keys, in milliseconds. One ' +
        'replica at a time deletes.',
    ),
};
