import { migrate } from '../db/migrations.ts';
import { withDatabase } from './with-database.ts';

await withDatabase(async (database) => {
  const applied = await migrate(database);
  return applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`;
});
