const THEMES = ['', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** The theme that the reader chose; empty: as the system has it. `early-theme.ts` has set it before the first paint. */
export function currentTheme(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? '';
}

/** Goes on to the next theme (system, light, dark) and keeps it for the next visit. */
export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? '';
  document.documentElement.dataset.theme = next;
  localStorage.setItem('theme', next);
}
