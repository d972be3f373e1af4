import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { LogLine } from '../../api/types.ts';
import { asString, asText } from '../shared/coerce.ts';
import { clip } from '../shared/format.ts';
import { levelBadge } from '../shared/level-badge.ts';
import { fieldsSection, textSection } from './fields.ts';

/** Shows a log line: its message, the fields of a JSON line, its log group and stream. */
export function logDetails({ message, fields = {}, group, stream }: LogLine): TemplateResult {
  const { level, message: text, stack, ...rest } = fields;
  const trace = asString(stack);
  const severity = level === undefined ? undefined : asText(level);
  return html`<section class="system" aria-label="CloudWatch Logs">
    <h3>
      <i class="mark log"></i>CloudWatch Logs
      ${severity === undefined ? nothing : levelBadge(severity)}
    </h3>
    <p class="message">${clip(asString(text) ?? message, 20_000)}</p>
    ${trace === undefined ? nothing : textSection('Stack', trace)} ${fieldsSection('Fields', rest)}
    ${fieldsSection('Stored in', { group, stream })}
  </section>`;
}
