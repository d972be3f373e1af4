import { createSecureContext } from 'node:tls';

/**
 * Tells whether a client certificate and its key belong together, or both are unset. Behind a proxy, Node.js
 * reads them in a callback, where an error would end the process. A file that cannot be read, which is
 * undefined here, has a fault of its own.
 */
export function isKeyPair(cert: Buffer | undefined, key: Buffer | undefined): boolean {
  if (cert === undefined && key === undefined) return true;
  if (cert === undefined || key === undefined) return false;
  try {
    createSecureContext({ cert, key });
    return true;
  } catch {
    return false;
  }
}
