import type { Database } from '../../../src/db/database.ts';

/** A row of `activities`. Times are SQL, such as `now() - interval '1 hour'`. */
export interface ActivityRow {
  readonly handle?: string;
  readonly message?: string;
  readonly createdAt?: string;
  readonly expiresAt?: string;
  readonly replyTo?: string;
}

/** Stores an activity with any times, without the checks of the store, and resolves with its uuid. */
export async function insertActivity(
  database: Pick<Database, 'query'>,
  row: ActivityRow = {},
): Promise<string> {
  const {
    handle = 'worf',
    message = 'Today is a good day',
    createdAt = 'now()',
    expiresAt = 'null',
    replyTo,
  } = row;
  const [inserted] = await database.query<{ uuid: string }>({
    summary: 'INSERT activities',
    text: `
      insert into activities (user_uuid, message, created_at, expires_at, reply_to_activity_uuid)
      select uuid, $2, ${createdAt}, ${expiresAt}, $3 from users where handle = $1
      returning uuid`,
    values: [handle, message, replyTo],
  });
  if (inserted === undefined) throw new Error(`no user ${handle}`);
  return inserted.uuid;
}

/** Deletes all activities and keeps the users. */
export async function clearActivities(database: Database): Promise<void> {
  await database.query({ summary: 'DELETE activities', text: 'delete from activities' });
}
