import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Client } from 'pg';

/** pg's own connection, which emits the messages of the server before the client handles them. */
type WithConnection = { readonly connection: EventEmitter & { readonly stream: Duplex } };

const BOUND = 'SCRAM-SHA-256-PLUS';

/**
 * Ends a connection whose server does not authenticate with channel binding, before the password is sent. pg
 * uses channel binding where the server offers it, but does not insist.
 */
export function requireChannelBinding(client: Client): void {
  const { connection } = client as unknown as WithConnection;
  let bound = false;
  const end = () => connection.stream.destroy(new Error('the server does not support channel binding'));
  connection.on('authenticationCleartextPassword', end);
  connection.on('authenticationMD5Password', end);
  connection.on('authenticationSASL', ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    bound = mechanisms.includes(BOUND);
    if (!bound) end();
  });
  connection.on('authenticationOk', () => {
    if (!bound) end();
  });
}
