import { mentionsIn } from '../activities/mentions.ts';
import type { Database } from '../db/database.ts';
import { lockForSetup } from '../db/migrations.ts';
import { DEMO_ACTIVITIES, DEMO_MESSAGES, DEMO_USERS } from './demo-data.ts';
import {
  COUNT_REPLIES,
  DATE_MESSAGE_GROUPS,
  LOCK_ACTIVITIES,
  SEED_ACTIVITIES,
  SEED_MESSAGE_GROUPS,
  SEED_MESSAGES,
  SEED_NOTIFICATIONS,
  SEED_USERS,
} from './seed-queries.ts';

/**
 * Stores the demo data. If it exists already, refreshes its times relative to now and leaves everything else
 * unchanged. The schema must be up to date. Uses one transaction and a lock, so several processes may call it
 * at once.
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
      [DATE_MESSAGE_GROUPS, DEMO_MESSAGES],
    ] as const) {
      await connection.query({ ...statement, values: [JSON.stringify(rows)] });
    }
  });
}
