import { type ConnectionOptions, createSecureContext, getCACertificates } from 'node:tls';
import type { DatabaseTls } from '../../config/database-url/database-tls.ts';

/** TLS settings of one attempt to connect; `false` is an unencrypted connection. */
export type TlsVariant = false | ConnectionOptions;

/** Returns the ways to connect that the mode allows, in the order in which libpq tries them. */
export function tlsVariants(tls: DatabaseTls): readonly [TlsVariant, TlsVariant?] {
  switch (tls.mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, unverified(tls)];
    case 'prefer':
      return [unverified(tls), false];
    case 'require':
      return [tls.ca === undefined ? unverified(tls) : verified(tls, { name: false })];
    case 'verify-ca':
      return [verified(tls, { name: false })];
    case 'verify-full':
      return [verified(tls, { name: true })];
  }
}

function unverified(tls: DatabaseTls): ConnectionOptions {
  return { secureContext: secureContext({ ...tls, ca: undefined }), rejectUnauthorized: false };
}

function verified(tls: DatabaseTls, { name }: { readonly name: boolean }): ConnectionOptions {
  return {
    secureContext: secureContext(tls),
    rejectUnauthorized: true,
    ...(!name && { checkServerIdentity: () => undefined }),
  };
}

/** Created once, because it parses all authorities. Without a `ca`, those of Node.js are trusted. */
function secureContext({ ca, cert, key, passphrase, minVersion }: DatabaseTls) {
  const system = () => [...getCACertificates('default'), ...getCACertificates('system')];
  return createSecureContext({
    ...(ca !== undefined && { ca: ca === 'system' ? system() : ca }),
    ...(cert !== undefined && { cert, key, passphrase }),
    ...(minVersion !== undefined && { minVersion }),
  });
}
