import { DATABASE_VARIABLES } from '../variables/database-variables.ts';
import { type DatabaseAddress, readDatabaseUrl } from './database-address.ts';
import { UrlFault } from './url-fault.ts';

/**
 * Reads the address of the database from the variables that are set; undefined without `DATABASE_URL`. Adds
 * the fault of a wrong URL to `faults`. A wrong `DATABASE_CA_CERTIFICATE` has a fault of its own already.
 */
export function readDatabase(
  given: Readonly<Record<string, string | undefined>>,
  faults: string[],
): DatabaseAddress | undefined {
  const { DATABASE_URL: url, DATABASE_PASSWORD: password } = given;
  const ca = DATABASE_VARIABLES.DATABASE_CA_CERTIFICATE.safeParse(given.DATABASE_CA_CERTIFICATE);
  if (url === undefined || !ca.success) return undefined;
  try {
    return readDatabaseUrl(url, { password, ca: ca.data });
  } catch (error) {
    if (!(error instanceof UrlFault)) throw error;
    faults.push(`DATABASE_URL ${error.message}`);
    return undefined;
  }
}
