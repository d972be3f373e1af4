import { html, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { clip } from './format.ts';

/** Shows the level of a log line or of a Rollbar item; the class sets the colour. */
export function levelBadge(level: string): TemplateResult {
  return html`<b class="level ${clip(level, 20)}">${clip(level, 20)}</b>`;
}
