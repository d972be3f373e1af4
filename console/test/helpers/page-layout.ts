import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong in light colours, and in dark ones, which differ in contrast alone: the rule, and where. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  const light = await page.evaluate<AxeResults>(`axe.run({ resultTypes: ['violations'], preload: false })`);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await page.evaluate<AxeResults>(`axe.run({ runOnly: 'color-contrast', preload: false })`);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light.violations, ...dark.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

/** What stands outside of the window, or is cut off without a sign that there is more. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(LAYOUT_FAULTS);
}

/** It runs in the page, whose types this program has not. What scrolls by itself may hold more than is seen. */
const LAYOUT_FAULTS = `(() => {
  const faults = [];
  if (document.scrollingElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways');
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility() || element.closest('.unseen, .skip, .heads, .route > *, .source > *, svg *')) continue;
    const { left, right, width } = element.getBoundingClientRect();
    const name = element.tagName + '.' + element.getAttribute('class') + ' ' + element.textContent.slice(0, 60);
    if (width > 0 && (left < -1 || right > innerWidth + 1)) faults.push('outside: ' + name);
    const { overflowX, textOverflow } = getComputedStyle(element);
    const isCut = overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1;
    if (isCut && textOverflow !== 'ellipsis') faults.push('cut off: ' + name);
  }
  return faults;
})()`;
