import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The server cannot bind its address. The message names the cause and the variable to change. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/** Binds the server and resolves with its URL. Rejects with `CannotListen`. */
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

function explain(cause: NodeJS.ErrnoException, host: string, port: number): CannotListen {
  if (cause.code === 'EADDRINUSE')
    return new CannotListen(`port ${port} is taken: set PORT to another`, { cause });
  if (cause.code === 'EACCES')
    return new CannotListen(`port ${port} needs more rights: set PORT to one above 1023`, { cause });
  return new CannotListen(`cannot listen at HOST ${host}: ${cause.code}`, { cause });
}
