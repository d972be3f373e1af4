import type { Connection, RunOptions } from './connection.ts';

/** How much longer the client waits, so that the server's time limit normally takes effect first. */
export const GRACE_MS = 1000;

interface TransactionLimits {
  /** The time limit that the session has. */
  readonly sessionMs: number;
  /** The time limit of this transaction's statements, if it differs. */
  readonly statementMs: number | undefined;
}

/** Commits when `work` resolves, rolls back when it rejects. `work` gets the options of its statements. */
export async function runTransaction<T>(
  connection: Connection,
  { sessionMs, statementMs }: TransactionLimits,
  work: (options: RunOptions) => Promise<T>,
): Promise<T> {
  const timeoutMs = (statementMs ?? sessionMs) + GRACE_MS;
  const undone = { timeoutMs, rollsBack: true };
  const limit = statementMs === undefined ? '' : `; set local statement_timeout = ${statementMs}`;
  await connection.run({ text: `begin${limit}` }, undone);
  try {
    const result = await work(undone);
    // If a statement failed and `work` ignored it, PostgreSQL rolls back without an error.
    const { command } = await connection.run({ text: 'commit' }, { timeoutMs });
    if (command === 'ROLLBACK') throw new Error('rolled back: a statement of the transaction failed');
    return result;
  } catch (error) {
    if (!connection.isBroken()) await connection.run({ text: 'rollback' }, undone).catch(() => {});
    throw error;
  }
}
