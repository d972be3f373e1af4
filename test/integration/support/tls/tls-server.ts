import { chmodSync, chownSync, copyFileSync, statSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withAdmin } from '../../../helpers/database/with-admin.ts';
import { type Server, startServer } from '../debian-cluster.ts';
import { createAuthority } from './private-authority.ts';

/** Names of roles and how they may connect. */
const RULES = [
  'hostssl all encrypted all trust',
  'hostnossl all unencrypted all trust',
  'hostssl all with_certificate all cert',
  'host all with_password all scram-sha-256',
  'local all all trust',
  'host all postgres all trust',
];

/**
 * Starts a server with TLS by a private authority. The certificate is for `localhost` alone, so that the name
 * 127.0.0.1 is wrong. Leaves `ca.crt`, `other.crt` of another authority, and `client.crt` with `client.key`
 * in the folder.
 */
export async function startTlsServer(bin: string, folder: string, password: string): Promise<Server> {
  const authority = await createAuthority(folder, 'ca');
  await createAuthority(folder, 'other');
  const certificate = await authority.issue('server', 'localhost', 'DNS:localhost');
  await authority.issue('client', 'with_certificate');
  const server = await startServer(bin);
  const data = join(server.folder, 'data');
  install(`${certificate}.crt`, join(data, 'server.crt'));
  install(`${certificate}.key`, join(data, 'server.key'));
  install(authority.certificate, join(data, 'ca.crt'));
  await withAdmin(server.url, (admin) =>
    admin.query(`
      create role encrypted login;
      create role unencrypted login;
      create role with_certificate login;
      create role with_password login password '${password.replaceAll("'", "''")}'`),
  );
  await writeFile(join(data, 'pg_hba.conf'), `${RULES.join('\n')}\n`);
  await appendFile(join(data, 'postgresql.conf'), "ssl = on\nssl_ca_file = 'ca.crt'\n");
  await server.restart('fast');
  return server;
}

/** Copies a file for the user of the server. */
function install(from: string, to: string): void {
  copyFileSync(from, to);
  const { uid, gid } = statSync(join(to, '..'));
  chownSync(to, uid, gid);
  chmodSync(to, 0o600);
}
