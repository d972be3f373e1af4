import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate authority in a folder, made with openssl. */
export interface Authority {
  /** PEM file of its own certificate. */
  readonly certificate: string;
  /** Makes `<name>.crt` and `<name>.key` in the folder; returns their paths without the ending. */
  issue(name: string, subject: string, subjectAltName?: string): Promise<string>;
}

export async function createAuthority(folder: string, name: string): Promise<Authority> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const self = ['-x509', '-days', '2', '-subj', `/CN=${name}`];
  await openssl('req', ...self, ...key, '-keyout', `${name}.key`, '-out', `${name}.crt`);
  return {
    certificate: join(folder, `${name}.crt`),
    async issue(issued, subject, subjectAltName) {
      const request = ['-subj', `/CN=${subject}`, '-keyout', `${issued}.key`, '-out', `${issued}.csr`];
      await openssl('req', '-new', ...key, ...request);
      const extensions = subjectAltName === undefined ? '' : `subjectAltName=${subjectAltName}\n`;
      await writeFile(join(folder, `${issued}.ext`), extensions);
      const signed = ['-CA', `${name}.crt`, '-CAkey', `${name}.key`, '-CAcreateserial', '-days', '2'];
      const files = ['-in', `${issued}.csr`, '-extfile', `${issued}.ext`, '-out', `${issued}.crt`];
      await openssl('x509', '-req', ...signed, ...files);
      return join(folder, issued);
    },
  };
}
