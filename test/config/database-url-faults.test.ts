import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'cruddur-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const bundle = fileWith('bundle.pem', rootCertificates.slice(0, 3).join('\n'));
const broken = fileWith(
  'broken.pem',
  `${rootCertificates[0]}\n${rootCertificates[1]?.replace(/M../, 'zzz')}`,
);
const missing = join(folder, 'missing.pem');

const read = (DATABASE_URL: string, more: NodeJS.ProcessEnv = {}) =>
  readConfig({ DATABASE_URL, ...more }).database;

describe('a wrong DATABASE_URL', () => {
  it.each([
    ['mysql://u@h/d', 'be a postgres:// URL'],
    ['hush', 'be a postgres:// URL'],
    ['postgres:u@h/d', 'be a postgres:// URL'],
    ['postgres://u:hush%@h/d', 'be percent-encoded'],
    ['postgres://u:hush%zz@h/d', 'be percent-encoded'],
    ['postgres://u:hush%E9@h/d', 'be percent-encoded UTF-8'],
    ['postgres://u:hush%C0%80@h/d', 'be percent-encoded UTF-8'],
    ['postgres://u:hush%00@h/d', 'not contain the byte %00'],
    ['postgres://u@h/hush%', 'be percent-encoded'],
    ['postgres://u@h%/d', 'be percent-encoded'],
    ['postgres://u@h/d?application_name=hush%', 'be percent-encoded'],
    ['postgres://u:hu/sh@h/d', 'have a port from 1 to 65535'],
    ['postgres://u@h:http/d', 'have a port from 1 to 65535'],
    ['postgres://u@h:0/d', 'have a port from 1 to 65535'],
    ['postgres://u@h:65536/d', 'have a port from 1 to 65535'],
    ['postgres://u@h:5432:5433/d', 'have hosts such as host:5432'],
    ['postgres://u@::1/d', 'have hosts such as host:5432'],
    ['postgres://u@h/d?port=hush', 'have a port from 1 to 65535'],
    ['postgres://u@a,,b/d', 'have no empty host between its commas'],
    ['postgres://u@a,/d', 'have no empty host between its commas'],
    ['postgres://u@a:1,b:2/d?port=1,2,3', 'have one port, or as many ports as hosts'],
    ['postgres://u@a b/d', 'have host names, addresses or folders of Unix sockets'],
    ['postgres://u@a;b/d', 'have host names, addresses or folders of Unix sockets'],
    ['postgres://u@[::1/d', 'have hosts such as host:5432'],
    ['postgres://u@[host]/d', 'have an IPv6 address between brackets'],
    ['postgres://u@h/d?', undefined],
    ['postgres://u@h/d?sslmode', 'have options of the form name=value'],
    ['postgres://u@h/d?=hush', 'have options of the form name=value'],
    ['postgres://u@h/d?a=hush', 'have options that the service supports; "a" is none'],
    ['postgres://u@h/d?schema=hush', 'have options that the service supports; "schema" is none'],
    ['postgres://u@h/d?hu%20sh=1', 'have options that the service supports'],
    ['postgres://u@h/d?passfile=hush', 'have options that the service supports; "passfile" is none'],
    ['postgres://u@h/d?sslmode=hush', 'have a valid sslmode: it must be one of disable, allow, prefer,'],
    ['postgres://u@h/d?sslmode=no-verify', 'have a valid sslmode: it must be one of disable, allow, prefer,'],
    ['postgres://u@h/d?ssl=hush', 'have a valid ssl: it must be true'],
    ['postgres://u@h/d?connect_timeout=hush', 'have a valid connect_timeout: it must be a whole number'],
    ['postgres://u@h/d?client_encoding=LATIN1', 'have a valid client_encoding: it must be UTF8'],
    [
      'postgres://u@h/d?target_session_attrs=standby',
      'have a valid target_session_attrs: it must be one of any,',
    ],
    [`postgres://u@h/d?sslrootcert=${missing}`, 'name a file that can be read in sslrootcert'],
    [`postgres://u@h/d?sslrootcert=${folder}`, 'name a file that can be read in sslrootcert'],
    [`postgres://u@h/d?sslrootcert=${broken}`, 'name a PEM file of certificates in sslrootcert'],
    [
      `postgres://u@h/d?sslrootcert=${import.meta.filename}`,
      'name a PEM file of certificates in sslrootcert',
    ],
    [`postgres://u@h/d?sslcert=${missing}&sslkey=${bundle}`, 'name a file that can be read in sslcert'],
    [`postgres://u@h/d?sslcert=${bundle}&sslkey=${missing}`, 'name a file that can be read in sslkey'],
    [`postgres://u@h/d?sslcert=${bundle}&sslkey=${bundle}`, 'name a PEM certificate in sslcert and its key'],
    [`postgres://u@h/d?sslcert=${bundle}`, 'have sslcert and sslkey together'],
    ['postgres://u@h/d?sslmode=verify-ca', 'have an sslrootcert with sslmode=verify-ca'],
    [
      'postgres://u@h/d?sslmode=require&sslrootcert=system',
      'have sslmode=verify-full with sslrootcert=system',
    ],
    ['postgres://u@h/d?sslnegotiation=direct', 'have sslmode=require, verify-ca or verify-full with'],
  ])('%s is judged when the configuration is read', (url, fault) => {
    if (fault === undefined) {
      expect(() => read(url)).not.toThrow();
      return;
    }
    const [first, second, ...more] = messageOf(url).split('\n');
    expect([first, more]).toEqual(['invalid configuration (1 error)', []]);
    expect(second).toContain(`  DATABASE_URL must ${fault}`);
    expect(second).not.toMatch(/hush|\.pem|undefined/);
  });

  it.each([missing, broken, folder])(
    'is beside a DATABASE_CA_CERTIFICATE of %s, which is a fault',
    (file) => {
      expect(messageOf('postgres://u@h/d?sslmode=verify-ca', { DATABASE_CA_CERTIFICATE: file })).toMatch(
        /^invalid configuration \(1 error\)\n {2}DATABASE_CA_CERTIFICATE must name a .*file[^\n]*$/,
      );
    },
  );
});

function messageOf(url: string, more: NodeJS.ProcessEnv = {}): string {
  try {
    read(url, more);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
}
