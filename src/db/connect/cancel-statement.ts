import { Connection, type ConnectionConfig } from 'pg';
import type { ServerClient } from './server-client.ts';

const LIMIT_MS = 2000;

/** The key of a session, which pg's types lack. */
type WithKey = { readonly processID: number | null; readonly secretKey: number | null };

/** What pg's types lack of its connection. */
type CancelConnection = Connection & {
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
  connect(portOrPath: number | string, host?: string): void;
};

/**
 * Asks the server to cancel the statement that the connection runs. A server behind a pooler may lack our
 * time limit, and goes on with the statement after its client has left. Resolves when the server has taken
 * the request, or after 2 s; never rejects.
 */
export async function cancelStatement(client: ServerClient): Promise<void> {
  const { processID, secretKey } = client as unknown as WithKey;
  if (processID === null || secretKey === null) return;
  const { host, port, ssl } = client.target;
  const connection = new Connection({ ssl } as ConnectionConfig) as CancelConnection;
  const end = () => connection.stream.destroy();
  const timer = setTimeout(end, LIMIT_MS).unref();
  const cancel = () => connection.cancel(processID, secretKey);
  connection.on('error', end);
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  connection.once('end', resolve);
  connection.once('connect', () => (ssl ? connection.requestSsl() : cancel()));
  connection.once('sslconnect', cancel);
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
  await ended;
  clearTimeout(timer);
}
