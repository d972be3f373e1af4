import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** Returns axe's violations in the light theme, and its contrast violations in the dark theme. */
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

/** Returns the elements outside the window, and those cut off without an ellipsis. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(LAYOUT_FAULTS);
}

/** A string, because it runs in the page. Scrolling elements may be larger than their visible part. */
const LAYOUT_FAULTS = `(() => {
  const faults = [];
  if (document.scrollingElement.scrollWidth > innerWidth) faults.push('the page scrolls sideways');
  for (const element of document.querySelectorAll('body *')) {
    const isExempt = element.closest('.unseen, .skip, .heads, .route > *, .source > *, svg *');
    if (isExempt || !element.checkVisibility()) continue;
    const { left, right, width } = element.getBoundingClientRect();
    const text = element.textContent.slice(0, 60);
    const name = element.tagName + '.' + element.getAttribute('class') + ' ' + text;
    if (width > 0 && (left < -1 || right > innerWidth + 1)) faults.push('outside: ' + name);
    const { overflowX, textOverflow } = getComputedStyle(element);
    const isCut = overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1;
    if (isCut && textOverflow !== 'ellipsis') faults.push('cut off: ' + name);
  }
  return faults;
})()`;
