import { html, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { clip } from './format.ts';

/** A log level or Rollbar level; its class gives the colour. */
export function levelBadge(level: string): TemplateResult {
  return html`<b class="level ${clip(level, 20)}">${clip(level, 20)}</b>`;
}
