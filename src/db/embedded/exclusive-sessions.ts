import type { PGlite } from '@electric-sql/pglite';

/** The members of a database that `PGLiteSocketServer` uses. */
type SocketDatabase = Pick<
  PGlite,
  'waitReady' | 'exec' | 'runExclusive' | 'isInTransaction' | 'execProtocolRawStream'
>;

const SYNC = 'S'.charCodeAt(0);
const EXTENDED = new Set(Array.from('PBDECH', (type) => type.charCodeAt(0)));
const SYNC_MESSAGE = Uint8Array.of(SYNC, 0, 0, 0, 4);

/**
 * Wraps a PGlite database for `PGLiteSocketServer`, so that statements of different connections do not
 * interleave. The server runs the messages of all connections in PGlite's only session, and stays with one
 * connection only while a transaction is open. A statement with parameters takes several messages, up to
 * Sync, with session state in between. This wrapper therefore reports an open transaction until Sync. It
 * calls `onFailure` if the engine itself fails, after which the engine is unusable.
 */
export function serializeSessions(db: PGlite, onFailure: (error: unknown) => void): PGlite {
  let exchangeOpen = false;
  const view: SocketDatabase = {
    waitReady: db.waitReady,
    runExclusive: (work) => db.runExclusive(work),
    isInTransaction: () => exchangeOpen || db.isInTransaction(),

    async execProtocolRawStream(message, options) {
      const [type = 0] = message;
      if (type === SYNC) exchangeOpen = false;
      else if (EXTENDED.has(type)) exchangeOpen = true;
      await db.execProtocolRawStream(message, options).catch(onFailure);
    },

    /** The server rolls back with this for a lost connection, possibly in the middle of a statement. */
    async exec(query, options) {
      if (exchangeOpen) await db.execProtocol(SYNC_MESSAGE, { throwOnError: false });
      exchangeOpen = false;
      return db.exec(query, options);
    },
  };
  return view as PGlite;
}
