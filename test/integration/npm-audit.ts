import { execFile } from 'node:child_process';
import { ROOT } from '../helpers/app/service.ts';

interface Vulnerability {
  readonly name: string;
  readonly severity: 'info' | 'low' | 'moderate' | 'high' | 'critical';
  /** false where no version is without it. */
  readonly fixAvailable: unknown;
}

/** Resolves with what npm's registry knows against the packages that the images hold; rejects where it answers no audit. */
export async function npmAudit(): Promise<readonly Vulnerability[]> {
  const report = JSON.parse(await printedReport());
  if (!report.vulnerabilities) throw new Error(report.message ?? JSON.stringify(report));
  return Object.values(report.vulnerabilities);
}

/** npm prints its report, and exits with 1, when it has found something, too. */
function printedReport(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile('npm', ['audit', '--omit=dev', '--json'], { cwd: ROOT }, (error, stdout) =>
    stdout ? resolve(stdout) : reject(error),
  );
  return promise;
}
