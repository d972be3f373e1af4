const THEMES = ['', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** Returns the chosen theme; empty means the system's. `early-theme.ts` sets it before the first paint. */
export function currentTheme(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? '';
}

/** Switches to the next theme (system, light, dark) and stores it for the next visit. */
export function nextTheme(): void {
  const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? '';
  document.documentElement.dataset.theme = next;
  localStorage.setItem('theme', next);
}
