import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { asText, type Fields } from '../shared/coerce.ts';
import { clip } from '../shared/format.ts';

const MAX_VALUE = 20_000;
const MAX_FIELDS = 500;

/** Shows names and values under a title; renders nothing when there are none. */
export function fieldsSection(title: string, fields: Fields): TemplateResult | typeof nothing {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return nothing;
  const more = entries.length - MAX_FIELDS;
  return html`<section class="fields">
    <h4>${title}</h4>
    <dl>
      ${entries.slice(0, MAX_FIELDS).map(([name, value]) => field(name, value))}
    </dl>
    ${more > 0 ? html`<p class="hint">and ${more} more</p>` : nothing}
  </section>`;
}

/** Shows a multi-line text, such as a query or a stack. */
export function textSection(title: string, text: string): TemplateResult {
  return html`<section class="fields">
    <h4>${title}</h4>
    <pre tabindex="0" aria-label=${title}>${clip(text, MAX_VALUE)}</pre>
  </section>`;
}

function field(name: string, value: unknown): TemplateResult {
  return html`<div>
    <dt>${clip(name, 300)}</dt>
    <dd>${clip(asText(value), MAX_VALUE) || '(empty)'}</dd>
  </div>`;
}
