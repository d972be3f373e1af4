/** What a connection becomes, or the reason why there is none. */
const TLS = /^TLS$/;
const PLAIN = /^plain$/;
const UNTRUSTED = /unable to (get local issuer|verify the first) certificate|self.signed certificate/;
const WRONG_NAME = /does not match certificate/;

type Case = readonly [query: string, who: string, expected: RegExp];

/** Options of the URL, the role, and what becomes of the connection. */
export const BY_ROLE: readonly Case[] = [
  ['', 'postgres', TLS],
  ['', 'encrypted', TLS],
  ['', 'unencrypted', PLAIN],
  ['sslmode=disable', 'postgres', PLAIN],
  ['sslmode=disable', 'encrypted', /no pg_hba.conf entry .* no encryption/],
  ['sslmode=allow', 'postgres', PLAIN],
  ['sslmode=allow', 'encrypted', TLS],
  ['sslmode=prefer', 'postgres', TLS],
  ['sslmode=prefer', 'unencrypted', PLAIN],
  ['sslmode=require', 'postgres', TLS],
  ['sslmode=require', 'unencrypted', /no pg_hba.conf entry .* SSL encryption/],
  ['ssl=true', 'postgres', TLS],
  ['sslmode=require&ssl_min_protocol_version=TLSv1.3', 'postgres', TLS],
];

/** Options of the URL, the host, and what becomes of the connection. `ca` and `other` are files. */
export function casesByHost(files: { readonly ca: string; readonly other: string }): readonly Case[] {
  return [
    ['sslmode=require', '127.0.0.1', TLS],
    [`sslmode=require&sslrootcert=${files.ca}`, '127.0.0.1', TLS],
    [`sslmode=require&sslrootcert=${files.other}`, 'localhost', UNTRUSTED],
    [`sslmode=verify-ca&sslrootcert=${files.ca}`, 'localhost', TLS],
    [`sslmode=verify-ca&sslrootcert=${files.ca}`, '127.0.0.1', TLS],
    [`sslmode=verify-ca&sslrootcert=${files.other}`, 'localhost', UNTRUSTED],
    [`sslmode=verify-full&sslrootcert=${files.ca}`, 'localhost', TLS],
    [`sslmode=verify-full&sslrootcert=${files.ca}`, '127.0.0.1', WRONG_NAME],
    [`sslmode=verify-full&sslrootcert=${files.other}`, 'localhost', UNTRUSTED],
    ['sslmode=verify-full', 'localhost', UNTRUSTED],
    ['sslrootcert=system', 'localhost', UNTRUSTED],
    [`sslrootcert=${files.ca}`, '127.0.0.1', WRONG_NAME],
    [`sslmode=prefer&sslrootcert=${files.other}`, 'localhost', TLS],
  ];
}

/** As `casesByHost`, with `DATABASE_CA_CERTIFICATE` before the host. */
export function casesByVariable(files: {
  readonly ca: string;
  readonly other: string;
}): readonly (readonly [query: string, variable: string, host: string, expected: RegExp])[] {
  return [
    ['', files.ca, 'localhost', TLS],
    ['', files.ca, '127.0.0.1', WRONG_NAME],
    ['', files.other, 'localhost', UNTRUSTED],
    ['sslmode=require', files.ca, '127.0.0.1', TLS],
    ['sslmode=require', files.other, '127.0.0.1', UNTRUSTED],
    ['sslmode=verify-ca', files.ca, '127.0.0.1', TLS],
    ['sslmode=verify-full', files.ca, 'localhost', TLS],
    [`sslmode=verify-full&sslrootcert=${files.other}`, files.ca, 'localhost', TLS],
  ];
}
