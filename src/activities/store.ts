import { hasRow, type NullRow } from '../db/left-join-row.ts';
import { type Page, type PageRequest, pageValues, toPage } from '../db/paging.ts';
import type { Query, Queryable } from '../db/query.ts';
import { UnknownDemoUser } from '../db/unknown-demo-user.ts';
import type { Activity } from './activity.ts';
import { mentionsIn } from './mentions.ts';
import {
  SEARCH_ACTIVITIES,
  SELECT_ACTIVITY,
  SELECT_HOME_FEED,
  SELECT_REPLIES,
  SELECT_USER_ACTIVITIES,
} from './sql/activity-queries.ts';
import { INSERT_ACTIVITY, INSERT_REPLY } from './sql/activity-writes.ts';

interface NewActivity {
  readonly handle: string;
  readonly message: string;
  /** Lifetime in milliseconds: `expires_at` is exactly `created_at` plus `ttlMs`. */
  readonly ttlMs: number;
}

export interface NewReply {
  readonly handle: string;
  readonly message: string;
  /** The uuid of the activity or reply that is answered. */
  readonly replyTo: string;
}

/**
 * Stored activities. Lists have top-level, unexpired activities, newest first, each with its newest 5
 * replies, oldest first. A reply expires with its thread, the top-level activity that it belongs to.
 */
export interface ActivityStore {
  home(page: PageRequest): Promise<Page<Activity>>;
  /** Resolves with undefined if the handle is unknown. */
  byHandle(handle: string, page: PageRequest): Promise<Page<Activity> | undefined>;
  /**
   * Finds activities with all words of the term, in any case; the last word also matches as a prefix. `"a
   * phrase"`, `or` and `-not` work as in web searches. A term without a word finds nothing.
   */
  search(term: string, page: PageRequest): Promise<Page<Activity>>;
  /**
   * Finds an activity with its newest 20 replies, oldest first; or a reply. Resolves with undefined if it
   * does not exist or has expired.
   */
  find(uuid: string): Promise<Activity | undefined>;
  /** Lists the replies of an activity, newest first. Resolves with undefined as `find` does. */
  replies(uuid: string, page: PageRequest): Promise<Page<Activity> | undefined>;
  /** Rejects with `UnknownDemoUser` if the handle is unknown. */
  create(activity: NewActivity): Promise<Activity>;
  /**
   * Adds the reply to the thread of the answered activity. Resolves with undefined, and stores nothing, if
   * that does not exist or has expired. Rejects with `UnknownDemoUser` if the handle is unknown.
   */
  createReply(reply: NewReply): Promise<Activity | undefined>;
}

/** Creates the store of activities. */
export function createActivityStore(database: Queryable): ActivityStore {
  async function list(query: Query, page: PageRequest): Promise<Page<Activity>> {
    return toPage(await database.query<Activity>(query), page);
  }

  /** Runs a query that returns no row if the owner of the list does not exist. */
  async function listOf(query: Query, page: PageRequest): Promise<Page<Activity> | undefined> {
    const rows = await database.query<Activity | NullRow>(query);
    return rows.length === 0 ? undefined : toPage(rows.filter(hasRow), page);
  }

  async function write(query: Query, handle: string): Promise<Activity | undefined> {
    const [written] = await database.query<Activity | NullRow>(query);
    if (written === undefined) throw new UnknownDemoUser(handle);
    return hasRow(written) ? written : undefined;
  }

  return {
    home: (page) => list({ ...SELECT_HOME_FEED, values: pageValues(page) }, page),

    byHandle: (handle, page) =>
      listOf({ ...SELECT_USER_ACTIVITIES, values: [handle, ...pageValues(page)] }, page),

    search: (term, page) => list({ ...SEARCH_ACTIVITIES, values: [term, ...pageValues(page)] }, page),

    async find(uuid) {
      const [found] = await database.query<Activity>({ ...SELECT_ACTIVITY, values: [uuid] });
      return found;
    },

    replies: (uuid, page) => listOf({ ...SELECT_REPLIES, values: [uuid, ...pageValues(page)] }, page),

    async create({ handle, message, ttlMs }) {
      const values = [handle, message, mentionsIn(message), ttlMs];
      const created = await write({ ...INSERT_ACTIVITY, values }, handle);
      if (created === undefined)
        throw new Error('the database stored no activity without reporting an error');
      return created;
    },

    createReply({ handle, message, replyTo }) {
      const values = [handle, message, mentionsIn(message), replyTo];
      return write({ ...INSERT_REPLY, values }, handle);
    },
  };
}
