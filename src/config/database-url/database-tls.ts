import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { UrlFault } from './url-fault.ts';
import type { SslMode, UrlOptions } from './url-options.ts';

/** How connections are encrypted, and what is verified. */
export interface DatabaseTls {
  readonly mode: SslMode;
  /** The authorities that may sign the server's certificate; `system` for those of the machine. */
  readonly ca: Buffer | 'system' | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly passphrase: string | undefined;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3' | undefined;
  /** Whether the handshake begins without PostgreSQL's request for it (PostgreSQL 17). */
  readonly direct: boolean;
}

/**
 * Reads the TLS options of a URL and the files that they name. `ca` replaces `sslrootcert`. Throws
 * `UrlFault`.
 */
export function readTls(options: UrlOptions, ca: Buffer | undefined): DatabaseTls {
  const { sslrootcert } = options;
  const authorities = ca ?? (sslrootcert === 'system' ? 'system' : readPem(sslrootcert, 'sslrootcert'));
  if (Buffer.isBuffer(authorities) && !hasCertificates(authorities)) {
    throw new UrlFault('must name a PEM file of certificates in sslrootcert');
  }
  const tls: DatabaseTls = {
    mode: options.sslmode ?? (options.ssl ? 'require' : defaultMode(authorities)),
    ca: authorities,
    cert: readPem(options.sslcert, 'sslcert'),
    key: readPem(options.sslkey, 'sslkey'),
    passphrase: options.sslpassword,
    minVersion: options.ssl_min_protocol_version,
    direct: options.sslnegotiation === 'direct',
  };
  checkTls(tls);
  return tls;
}

/**
 * libpq's default is `prefer`, also with a root certificate, so that a wrong certificate would lead to an
 * unencrypted connection. Who names authorities expects that the server is verified.
 */
function defaultMode(ca: DatabaseTls['ca']): SslMode {
  return ca === undefined ? 'prefer' : 'verify-full';
}

function checkTls({ mode, ca, cert, key, passphrase, direct }: DatabaseTls): void {
  if (mode === 'verify-ca' && ca === undefined) {
    throw new UrlFault(
      'must have an sslrootcert with sslmode=verify-ca, unless DATABASE_CA_CERTIFICATE is set',
    );
  }
  if (ca === 'system' && mode !== 'verify-full') {
    throw new UrlFault('must have sslmode=verify-full with sslrootcert=system');
  }
  if (direct && !['require', 'verify-ca', 'verify-full'].includes(mode)) {
    throw new UrlFault('must have sslmode=require, verify-ca or verify-full with sslnegotiation=direct');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new UrlFault('must have sslcert and sslkey together');
  }
  if (cert === undefined) return;
  try {
    createSecureContext({ cert, key, passphrase });
  } catch {
    throw new UrlFault('must name a PEM certificate in sslcert and its key, with its sslpassword, in sslkey');
  }
}

function readPem(path: string | undefined, option: string): Buffer | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path);
  } catch {
    throw new UrlFault(`must name a file that can be read in ${option}`);
  }
}

/** Tells whether a file holds PEM certificates, and nothing that only looks like one. */
export function hasCertificates(pem: Buffer): boolean {
  const certificates =
    pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----.*?-----END[^-]*-----/gs) ?? [];
  return certificates.length > 0 && certificates.every(isCertificate);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
