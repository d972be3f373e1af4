import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The server cannot bind its address. The message names the cause and the variable to change. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/** All addresses, IPv6 and IPv4, and its substitute on a machine without IPv6. */
const ANY = '::';
const ANY_IPV4 = '0.0.0.0';
const WITHOUT_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

/**
 * Binds the server and resolves with its URL. The address `::`, the image's, is `0.0.0.0` where the kernel
 * has no IPv6. Rejects with `CannotListen`.
 */
export async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<string> {
  try {
    await bind(server, host, port).catch((error: NodeJS.ErrnoException) => {
      if (host !== ANY || !WITHOUT_IPV6.has(String(error.code))) throw error;
      return bind(server, ANY_IPV4, port);
    });
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, host, port);
  }
  const address = server.address() as AddressInfo;
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, host, resolve);
  await promise;
  server.off('error', reject);
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): CannotListen {
  if (cause.code === 'EADDRINUSE')
    return new CannotListen(`port ${port} is taken: set PORT to another`, { cause });
  if (cause.code === 'EACCES')
    return new CannotListen(`port ${port} needs more rights: set PORT to one above 1023`, { cause });
  return new CannotListen(`cannot listen at HOST ${host}: ${cause.code}`, { cause });
}
