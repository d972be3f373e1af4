import { execFile } from 'node:child_process';
import { ROOT } from '../../helpers/app/service.ts';

interface Vulnerability {
  readonly name: string;
  readonly severity: 'info' | 'low' | 'moderate' | 'high' | 'critical';
  /** false when every version has the vulnerability. */
  readonly fixAvailable: unknown;
}

/**
 * Resolves with the vulnerabilities of the packages in the images. Rejects when the registry has no audit.
 */
export async function npmAudit(): Promise<readonly Vulnerability[]> {
  const report = JSON.parse(await printedReport());
  if (!report.vulnerabilities) throw new Error(report.message ?? JSON.stringify(report));
  return Object.values(report.vulnerabilities);
}

/** npm prints its report also when it exits with 1, which means that it found something. */
function printedReport(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile('npm', ['audit', '--omit=dev', '--json'], { cwd: ROOT }, (error, stdout) =>
    stdout ? resolve(stdout) : reject(error),
  );
  return promise;
}
