import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { openDataFolder } from './data-folder.ts';
import { serializeSessions } from './exclusive-sessions.ts';

const HOST = '127.0.0.1';
const MAX_CONNECTIONS = 100;

export interface EmbeddedDatabaseOptions {
  /** Made where it is missing. */
  readonly dataDir: string;
  /** 0: any free port. */
  readonly port: number;
  /** Called when the engine fails for good; no statement is answered after that. */
  onFailure?(error: unknown): void;
}

export interface EmbeddedDatabase {
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** Ends all connections, writes everything to the data folder and gives it free. */
  close(): Promise<void>;
}

/**
 * Runs PostgreSQL 18 (PGlite, in WebAssembly) on a data folder, behind its own protocol on a port of the loopback
 * interface. It is one session: statements of all connections run one after the other, and server-side time limits
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
