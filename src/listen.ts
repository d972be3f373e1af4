import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Binds the server; resolves with its URL. Rejects in plain words when the port is taken. */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, host, port);
  }
  server.off('error', reject);
  const address = server.address() as AddressInfo;
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`port ${port} is taken: set PORT to another`, { cause: error });
  if (error.code === 'EACCES')
    return new Error(`port ${port} needs more rights: set PORT to one above 1023`, { cause: error });
  return new Error(`cannot listen at HOST ${host}: ${error.code}`, { cause: error });
}
