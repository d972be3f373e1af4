import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'cruddur-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const bundle = fileWith('bundle.pem', rootCertificates.slice(0, 3).join('\n'));

const read = (DATABASE_URL: string, more: NodeJS.ProcessEnv = {}) =>
  readConfig({ DATABASE_URL, ...more }).database;
const hostsOf = (url: string) => read(url).hosts.map(({ host, port }) => `${host} ${port}`);
const modeOf = (query: string, more?: NodeJS.ProcessEnv) => read(`postgres://u@h/d?${query}`, more).tls.mode;

describe('DATABASE_URL', () => {
  it.each([
    ['postgres://h', ['h 5432']],
    ['postgresql://u:p@h:6432/d', ['h 6432']],
    ['POSTGRES://u@h/d', ['h 5432']],
    [' postgres://u@h/d\n', ['h 5432']],
    ['postgres://u@a,b:6432,c/d', ['a 5432', 'b 6432', 'c 5432']],
    ['postgres://u@[::1]:5433,[fe80::1]/d', ['::1 5433', 'fe80::1 5432']],
    ['postgres://u@/d', ['localhost 5432']],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/d', ['/var/run/postgresql 5432']],
    ['postgres://u@%2Ftmp:6432/d', ['/tmp 6432']],
    ['postgres:///d?host=/var/run/postgresql', ['/var/run/postgresql 5432']],
    ['postgres:///d?host=/tmp&port=6432', ['/tmp 6432']],
    ['postgres://u@ignored:1/d?host=a,b&port=1,2', ['a 1', 'b 2']],
    ['postgres://u@ignored/d?host=a,::1&port=6432', ['a 6432', '::1 6432']],
    ['postgres://u@a:1,b:2/d?port=3', ['a 3', 'b 3']],
  ])('%s has the servers %j', (url, hosts) => {
    expect(hostsOf(url)).toEqual(hosts);
  });

  it.each([
    ['postgres://u:p@h/d', ['u', 'p', 'd']],
    ['postgres://u:p%40%2F%3A%25%C3%A9@h/d%2F1', ['u', 'p@/:%é', 'd/1']],
    ['postgres://u:p@ss@h/d', ['u', 'p@ss', 'd']],
    ['postgres://u:a?b#c&d@h/d', ['u', 'a?b#c&d', 'd']],
    ['postgres://u:a:b@h/d', ['u', 'a:b', 'd']],
    ['postgres://u:a+b@h/d', ['u', 'a+b', 'd']],
    ['postgres://u:pässword🔑@h/d', ['u', 'pässword🔑', 'd']],
    ['postgres://u@h', ['u', '', 'u']],
    ['postgres://h/d?user=a@b&password=p%26&dbname=e', ['a@b', 'p&', 'e']],
    ['postgres://h/d', [userInfo().username, '', 'd']],
  ])('%s has the user, password and database %j', (url, [user, password, database]) => {
    expect(read(url)).toMatchObject({ user, database });
    expect(read(url).password()).toBe(password);
  });

  it('has its password replaced by DATABASE_PASSWORD, which is taken as it is', () => {
    const DATABASE_PASSWORD = `%41 +@:/?#&=%'"\\\t\u{1f511}é`;
    const database = read('postgres://u:other@h/d?password=another', { DATABASE_PASSWORD });
    expect(database.password()).toBe(DATABASE_PASSWORD);
  });

  it('shows no password when the configuration is dumped', () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://u:hush1@h/d',
      DATABASE_PASSWORD: 'hush2',
    });
    expect(inspect(config, { depth: 10, showHidden: true })).not.toContain('hush');
    expect(JSON.stringify(config)).not.toContain('hush');
  });

  it.each([
    ['', 'prefer'],
    ['sslmode=disable', 'disable'],
    ['sslmode=allow', 'allow'],
    ['sslmode=prefer', 'prefer'],
    ['sslmode=require', 'require'],
    ['sslmode=verify-full', 'verify-full'],
    ['ssl=true', 'require'],
    [`sslmode=require&sslrootcert=${bundle}`, 'require'],
    [`sslmode=verify-ca&sslrootcert=${bundle}`, 'verify-ca'],
    [`sslrootcert=${bundle}`, 'verify-full'],
    ['sslrootcert=system', 'verify-full'],
  ])('with the options "%s" has the mode %s', (query, mode) => {
    expect(modeOf(query)).toBe(mode);
  });

  it('has its authorities replaced by DATABASE_CA_CERTIFICATE', () => {
    expect(modeOf('', { DATABASE_CA_CERTIFICATE: bundle })).toBe('verify-full');
    expect(modeOf('sslmode=verify-ca', { DATABASE_CA_CERTIFICATE: bundle })).toBe('verify-ca');
    expect(read('postgres://u@h/d', { DATABASE_CA_CERTIFICATE: bundle }).tls.ca).toBeInstanceOf(Buffer);
  });

  it('may have what users of libpq write', () => {
    const options =
      'application_name=a%20b&options=-c%20search_path%3Dx&connect_timeout=2&target_session_attrs=read-write' +
      '&keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=3&client_encoding=UTF8' +
      '&gssencmode=disable&channel_binding=require&sslnegotiation=direct&sslmode=require' +
      '&ssl_min_protocol_version=TLSv1.2&load_balance_hosts=disable&sslsni=1&tcp_user_timeout=1';
    expect(read(`postgres://u@h/d?${options}`)).toMatchObject({
      applicationName: 'a b',
      options: '-c search_path=x',
      connectTimeoutMs: 2000,
      needsWritable: true,
      keepAliveIdleMs: 30_000,
      channelBinding: 'require',
      tls: { mode: 'require', direct: true, minVersion: 'TLSv1.2' },
    });
  });
});
