import { migrate } from '../db/migrations.ts';
import { seedDemoData } from '../demo/seed.ts';
import { withDatabase } from './with-database.ts';

await withDatabase(async (database) => {
  await migrate(database);
  await seedDemoData(database);
  return 'The demo data is stored, with times relative to now.';
});
