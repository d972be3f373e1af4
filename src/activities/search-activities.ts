import type { Page, PageRequest } from '../db/paging.ts';
import { codePoints } from '../http/schemas.ts';
import { ATTR_APP_SEARCH_TERM_LENGTH } from '../observability/attributes.ts';
import { tracedPage } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns a page of the activities that match the search term. */
export function searchActivities(
  activities: ActivityStore,
  term: string,
  page: PageRequest,
): Promise<Page<Activity>> {
  const attributes = { [ATTR_APP_SEARCH_TERM_LENGTH]: codePoints(term) };
  return tracedPage('search-activities', page, attributes, () => activities.search(term, page));
}
