import type { Page, PageRequest } from '../db/paging.ts';
import { codePoints } from '../http/schemas.ts';
import {
  ATTR_APP_PAGE_LIMIT,
  ATTR_APP_RESULT_LENGTH,
  ATTR_APP_SEARCH_TERM_LENGTH,
} from '../observability/attributes.ts';
import { traced } from '../observability/traced.ts';
import type { Activity } from './activity.ts';
import type { ActivityStore } from './store.ts';

/** Returns a page of the activities that match the search term. */
export function searchActivities(
  activities: ActivityStore,
  term: string,
  page: PageRequest,
): Promise<Page<Activity>> {
  const attributes = {
    [ATTR_APP_PAGE_LIMIT]: page.limit,
    [ATTR_APP_SEARCH_TERM_LENGTH]: codePoints(term),
  };
  return traced('search-activities', attributes, async (scope) => {
    const found = await activities.search(term, page);
    scope.setAttributes({ [ATTR_APP_RESULT_LENGTH]: found.rows.length });
    scope.setMetadata('page', { before: page.before, next: found.next });
    return found;
  });
}
