import type { Locator, Page } from 'playwright-core';

/** The rows of the request list that are in the document. */
export function listRows(page: Page): Locator {
  return page.locator('#list .body [role=row]');
}

/** Returns the texts of one column of the list, from top to bottom. */
export function listColumn(page: Page, column: 'time' | 'route' | 'status'): Promise<string[]> {
  return listRows(page).locator(`.${column}`).allInnerTexts();
}

/** The row of the waterfall whose name starts with `name`. */
export function waterfallRow(page: Page, name: string): Locator {
  return waterfallRows(page).filter({ has: page.locator('.text', { hasText: new RegExp(`^${name}`) }) });
}

export function waterfallRows(page: Page): Locator {
  return page.getByRole('treegrid').locator('[role=row]');
}

/** The section of one system in the details of the selected row. */
export function detailsOf(page: Page, system: string): Locator {
  return page.getByRole('complementary', { name: 'Selected row' }).getByRole('region', { name: system });
}
