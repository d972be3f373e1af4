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

export const DEFAULT_LIMITS: DatabaseLimits = {
  poolSize: 10,
  connectTimeoutMs: 3000,
  statementTimeoutMs: 5000,
  migrationTimeoutMs: 120_000,
  idleTimeoutMs: 30_000,
  maxLifetimeMs: 1_800_000,
};
