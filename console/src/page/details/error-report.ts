import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { RollbarItem } from '../../api/types.ts';
import { asFields, asText } from '../shared/coerce.ts';
import { clip } from '../shared/format.ts';
import { levelBadge } from '../shared/level-badge.ts';
import { type Frame, reportOf, type ThrownError } from '../trace-tree/rollbar-report.ts';
import { fieldsSection } from './fields.ts';

const MAX_FRAMES = 100;
const MAX_LINE = 400;

/** Shows a Rollbar item: the errors with their stack frames, then its other fields. */
export function errorReport(item: RollbarItem): TemplateResult {
  const { level, chain, message, extra } = reportOf(item);
  const { body: _, request, custom, person, server, ...rest } = item;
  return html`<p class="facts">${levelBadge(level)} ${clip(asText(item.context ?? ''), 200)}</p>
    ${chain.length ? chain.map(thrownSection) : html`<p class="message">${clip(message, 5_000)}</p>`}
    ${fieldsSection('Message', extra)} ${fieldsSection('Request', asFields(request))}
    ${fieldsSection('Custom', asFields(custom))} ${fieldsSection('Person', asFields(person))}
    ${fieldsSection('Server', asFields(server))} ${fieldsSection('Item', rest)}`;
}

function thrownSection({ className, message, frames }: ThrownError, index: number): TemplateResult {
  return html`<div class="thrown">
    <h4>${index ? html`<span class="hint">caused by</span> ` : nothing}${clip(className, 200)}</h4>
    <p class="message">${clip(message, 5_000)}</p>
    <ol class="frames">
      ${frames.slice(0, MAX_FRAMES).map(frameItem)}
    </ol>
  </div>`;
}

function frameItem({
  method,
  file,
  shortFile,
  line,
  column,
  isOwn,
  before,
  code,
  after,
}: Frame): TemplateResult {
  const place = [shortFile, line, column].filter((part) => part !== undefined).join(':');
  return html`<li class=${isOwn ? 'own' : ''}>
    <span class="method">${clip(method, MAX_LINE) || '(anonymous)'}</span>
    <span class="place" title=${clip(file, MAX_LINE)}>${clip(place, MAX_LINE)}</span>
    ${isOwn && code !== undefined ? source(before, code, after, line ?? 0) : nothing}
  </li>`;
}

function source(
  before: readonly string[],
  code: string,
  after: readonly string[],
  line: number,
): TemplateResult {
  const sourceLine = (text: string, number: number, isThrower = false) =>
    html`<span class=${isThrower ? 'thrower' : ''}><i>${number}</i>${clip(text, MAX_LINE)}\n</span>`;
  return html`<pre class="source" tabindex="0" aria-label="Source at line ${line}">${[
    ...before.map((text, index) => sourceLine(text, line - before.length + index)),
    sourceLine(code, line, true),
    ...after.map((text, index) => sourceLine(text, line + 1 + index)),
  ]}</pre>`;
}
