import { mentionsIn } from '../activities/mentions.ts';
import type { Database } from '../db/database.ts';
import { lockForSetup } from '../db/migrations.ts';
import { DEMO_ACTIVITIES, DEMO_MESSAGES, DEMO_USERS } from './demo-data.ts';
import {
  COUNT_REPLIES,
  LOCK_ACTIVITIES,
  SEED_ACTIVITIES,
  SEED_MESSAGE_GROUPS,
  SEED_MESSAGES,
  SEED_NOTIFICATIONS,
  SEED_USERS,
} from './seed-queries.ts';

/**
 * Stores the demo data, or, where it is there already, lays its times anew, relative to now; all else stays as it is.
 * The schema must be up to date. All or nothing; any number of processes may call it at once.
 */
export async function seedDemoData(database: Database): Promise<void> {
  const activities = DEMO_ACTIVITIES.map((activity) => ({
    ...activity,
    mentions: mentionsIn(activity.message),
  }));
  await database.transaction(async (connection) => {
    await lockForSetup(connection);
    for (const [statement, rows] of [
      [SEED_USERS, DEMO_USERS],
      [LOCK_ACTIVITIES, activities],
      [SEED_ACTIVITIES, activities],
      [COUNT_REPLIES, activities],
      [SEED_NOTIFICATIONS, activities],
      [SEED_MESSAGE_GROUPS, DEMO_MESSAGES],
      [SEED_MESSAGES, DEMO_MESSAGES],
    ] as const) {
      await connection.query({ ...statement, values: [JSON.stringify(rows)] });
    }
  });
}
