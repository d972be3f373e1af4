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
 * Asks the server to cancel the statement that the connection runs. A server behind a pooler may lack our time
 * limit, and goes on with the statement after its client has left. Never rejects and is not waited for.
 */
export function cancelStatement(client: ServerClient): void {
  const { processID, secretKey } = client as unknown as WithKey;
  if (processID === null || secretKey === null) return;
  const { host, port, ssl } = client.target;
  const connection = new Connection({ ssl } as ConnectionConfig) as CancelConnection;
  const end = () => connection.stream.destroy();
  const timer = setTimeout(end, LIMIT_MS).unref();
  const cancel = () => connection.cancel(processID, secretKey);
  connection.on('error', end);
  connection.once('end', () => clearTimeout(timer));
  connection.once('connect', () => (ssl ? connection.requestSsl() : cancel()));
  connection.once('sslconnect', cancel);
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
}
