import { createDatabase } from '../../../src/db/database.ts';
import { migrate } from '../../../src/db/migrations.ts';
import { seedDemoData } from '../../../src/demo/seed.ts';

/** Creates the schema and the demo data in an empty database. */
export async function makeDemoDatabase(databaseUrl: string): Promise<void> {
  const database = createDatabase({ databaseUrl });
  try {
    await migrate(database);
    await seedDemoData(database);
  } finally {
    await database.close();
  }
}
