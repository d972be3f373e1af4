import type { Locator, Page } from 'playwright-core';

/** The rows of the list of requests, as far as they are in the document. */
export function listRows(page: Page): Locator {
  return page.locator('#list .body [role=row]');
}

/** What stands in one column of the list, from top to bottom. */
export function listColumn(page: Page, column: 'time' | 'route' | 'status'): Promise<string[]> {
  return listRows(page).locator(`.${column}`).allInnerTexts();
}

/** The row of the waterfall whose name begins so. */
export function waterfallRow(page: Page, name: string): Locator {
  return waterfallRows(page).filter({ has: page.locator('.text', { hasText: new RegExp(`^${name}`) }) });
}

export function waterfallRows(page: Page): Locator {
  return page.getByRole('treegrid').locator('[role=row]');
}

/** The part of the details of the picked row that one system told. */
export function detailsOf(page: Page, system: string): Locator {
  return page.getByRole('complementary', { name: 'Selected row' }).getByRole('region', { name: system });
}
