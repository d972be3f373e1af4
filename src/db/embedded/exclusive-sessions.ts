import type { PGlite } from '@electric-sql/pglite';

/** What `PGLiteSocketServer` uses of a database. */
type SocketDatabase = Pick<
  PGlite,
  'waitReady' | 'exec' | 'runExclusive' | 'isInTransaction' | 'execProtocolRawStream'
>;

const SYNC = 'S'.charCodeAt(0);
const EXTENDED = new Set(Array.from('PBDECH', (type) => type.charCodeAt(0)));
const SYNC_MESSAGE = Uint8Array.of(SYNC, 0, 0, 0, 4);

/**
 * The database as the socket server is to see it. The server shares PGlite's only session among its connections, one
 * message at a time, and stays with a connection only while a transaction is open. A statement with parameters is
 * several messages, up to Sync, with state that is kept in the session between them; so a transaction counts as open
 * until then. `onFailure` is called when the engine itself fails, after which it is of no use.
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

    /** The server's ROLLBACK for a connection that went away, perhaps in the middle of an exchange. */
    async exec(query, options) {
      if (exchangeOpen) await db.execProtocol(SYNC_MESSAGE, { throwOnError: false });
      exchangeOpen = false;
      return db.exec(query, options);
    },
  };
  return view as PGlite;
}
