import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { asText, type Fields } from '../shared/coerce.ts';
import { clip } from '../shared/format.ts';

const MAX_VALUE = 20_000;
const MAX_FIELDS = 500;

/** Names and values under a title; nothing at all when there are none. */
export function fieldsSection(title: string, fields: Fields): TemplateResult | typeof nothing {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return nothing;
  return html`<section class="fields">
    <h4>${title}</h4>
    <dl>
      ${entries.slice(0, MAX_FIELDS).map(([name, value]) => html`<div><dt>${clip(name, 300)}</dt>${valueCell(value)}</div>`)}
    </dl>
    ${entries.length > MAX_FIELDS ? html`<p class="hint">and ${entries.length - MAX_FIELDS} more</p>` : nothing}
  </section>`;
}

/** A text of many lines, such as a query or a stack. */
export function textSection(title: string, text: string): TemplateResult {
  return html`<section class="fields">
    <h4>${title}</h4>
    <pre tabindex="0" aria-label=${title}>${clip(text, MAX_VALUE)}</pre>
  </section>`;
}

function valueCell(value: unknown): TemplateResult {
  return html`<dd>${clip(asText(value), MAX_VALUE) || '(empty)'}</dd>`;
}
