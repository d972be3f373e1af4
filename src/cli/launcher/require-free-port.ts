import { createServer } from 'node:http';
import { listen } from '../../lifecycle/listen.ts';

/**
 * Ends this process with 1, and says why in a line, when the API could not listen there: better now than after the
 * database is up, and with whoever has the port answering in the API's place.
 */
export async function requireFreePort(address: { host: string; port: number }): Promise<void> {
  const server = createServer();
  try {
    await listen(server, address);
  } catch (error) {
    process.stderr.write(`cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  const { promise: closed, resolve } = Promise.withResolvers<unknown>();
  server.close(resolve);
  await closed;
}
