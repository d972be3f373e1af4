import type { Page } from 'playwright-core';

/** Returns a list that grows with each forbidden action: an error, a dialog, a request to another host. */
export function watchPage(page: Page): string[] {
  const seen: string[] = [];
  page.on('pageerror', (error) => seen.push(`threw ${error.message}`));
  page.on('dialog', async (dialog) => {
    seen.push(`opened a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (hostname !== '127.0.0.1' && protocol !== 'data:') seen.push(`requested ${request.url()}`);
  });
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.status() >= 400 && !pathname.startsWith('/api/'))
      seen.push(`got ${response.status()} for ${pathname}`);
  });
  page.on('console', (message) => {
    // The browser itself logs failed responses and lost connections; tests cause these on purpose.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      seen.push(`logged ${message.text()}`);
  });
  return seen;
}
