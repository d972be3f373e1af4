import { migrate } from '../db/migrations.ts';
import { onDatabase } from './with-database.ts';

await onDatabase(async (database) => {
  const applied = await migrate(database);
  return applied.length === 0 ? 'The schema is up to date.' : `Applied ${applied.join(', ')}.`;
});
