import { createServer } from 'node:http';
import { listen } from '../../lifecycle/listen.ts';

/**
 * Exits with 1 and prints the reason when the API cannot listen at the address. Checked before the database
 * starts, and so that another server on the port is not mistaken for the API.
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
