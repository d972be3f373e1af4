import { z } from 'zod';
import { DATABASE_VARIABLES } from './variables/database-variables.ts';

/** Size and time limits of the database's connections. */
export interface DatabaseLimits {
  readonly poolSize: number;
  /** Maximum time a query waits for a connection. */
  readonly connectTimeoutMs: number;
  /** Time limit of a statement, enforced by the server; the client waits a second longer. */
  readonly statementTimeoutMs: number;
  /** Time limit of a statement of a migration, including the wait while another replica migrates. */
  readonly migrationTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly maxLifetimeMs: number;
}

const Variables = z.object(DATABASE_VARIABLES);

/** Returns the limits that the variables set. */
export function databaseLimits(env: z.infer<typeof Variables>): DatabaseLimits {
  return {
    poolSize: env.DATABASE_POOL_SIZE,
    connectTimeoutMs: env.DATABASE_CONNECT_TIMEOUT_MS,
    statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS,
    migrationTimeoutMs: env.DATABASE_MIGRATION_TIMEOUT_MS,
    idleTimeoutMs: env.DATABASE_IDLE_TIMEOUT_MS,
    maxLifetimeMs: env.DATABASE_MAX_LIFETIME_MS,
  };
}

export const DEFAULT_LIMITS: DatabaseLimits = databaseLimits(Variables.parse({}));
