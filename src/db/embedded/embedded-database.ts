import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { openDataFolder } from './data-folder.ts';
import { serializeSessions } from './exclusive-sessions.ts';

const HOST = '127.0.0.1';
const MAX_CONNECTIONS = 100;

export interface EmbeddedDatabaseOptions {
  /** Created if it does not exist. */
  readonly dataDir: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Called if the engine fails permanently; it answers no statement after that. */
  onFailure?(error: unknown): void;
}

export interface EmbeddedDatabase {
  /** Value for `DATABASE_URL`. */
  readonly url: string;
  /** Closes all connections, flushes to the data folder and unlocks it. */
  close(): Promise<void>;
}

/**
 * Starts PostgreSQL 18 (PGlite, in WebAssembly) on a data folder and serves the PostgreSQL protocol on a
 * loopback port. All connections share one session: statements run one at a time, and server-side time limits
 * have no effect.
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { dataDir, port, onFailure = () => {} } = options;
  const folder = await openDataFolder(dataDir);
  try {
    const db = await PGlite.create({ dataDir: folder.pgdata });
    await folder.markComplete();
    const server = new PGLiteSocketServer({
      db: serializeSessions(db, onFailure),
      host: HOST,
      port,
      maxConnections: MAX_CONNECTIONS,
    });
    try {
      await server.start();
    } catch (error) {
      await db.close();
      throw error;
    }
    return {
      url: `postgresql://postgres:postgres@${server.getServerConn()}/postgres`,
      async close() {
        await server.stop();
        await db.close();
        folder.release();
      },
    };
  } catch (error) {
    folder.release();
    throw error;
  }
}
