import type { Page, PageRequest } from '../http/page.ts';
import type { Activity } from './activity.ts';

export interface NewActivity {
  readonly handle: string;
  readonly message: string;
  /** Lifetime in milliseconds: `expires_at` is `created_at` plus this, exactly. */
  readonly ttlMs: number;
}

export interface NewReply {
  readonly handle: string;
  readonly message: string;
  readonly replyTo: string;
}

/** The activities in the database. Lists hold top-level, unexpired rows, newest first, with replies oldest first. */
export interface ActivityStore {
  home(page: PageRequest): Promise<Page<Activity>>;
  /** `undefined` when nobody has the handle. */
  byHandle(handle: string, page: PageRequest): Promise<Page<Activity> | undefined>;
  search(term: string, page: PageRequest): Promise<Page<Activity>>;
  /** `undefined` when there is no such activity, or it has expired. A reply is found too. */
  find(uuid: string): Promise<Activity | undefined>;
  create(activity: NewActivity): Promise<Activity>;
  /** `undefined` when the activity replied to does not exist or has expired; nothing is stored then. */
  createReply(reply: NewReply): Promise<Activity | undefined>;
}
