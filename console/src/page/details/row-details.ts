import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { asText } from '../shared/coerce.ts';
import { copyButton } from '../shared/copy-button.ts';
import { clip, formatDateTime, formatDuration } from '../shared/format.ts';
import { segmentEnd, segmentStart, type TraceNode } from '../trace-tree/trace-node.ts';
import { errorReport } from './error-report.ts';
import { logDetails } from './log-details.ts';
import { segmentDetails } from './segment-details.ts';
import { spanDetails } from './span-details.ts';

/** Shows the details of one row, a section per system. `start` is the request's, in milliseconds. */
export function rowDetails(node: TraceNode, start: number, close: () => void): TemplateResult {
  const { name, span, segment, log, item } = node;
  const parts = [span, segment, log, item].filter((part) => part !== undefined);
  return html`<header>
      <h2>${clip(name, 500) || '(no name)'}</h2>
      ${copyButton('Copy JSON', () => asText(parts.length === 1 ? parts[0] : parts))}
      <button type="button" class="close" @click=${close}>Close</button>
    </header>
    <dl class="times">
      <div>
        <dt>start</dt>
        <dd title=${formatDateTime(node.start)}>+${formatDuration(node.start - start)}</dd>
      </div>
      ${span ? html`<div><dt>span</dt><dd>${formatDuration(span.durationMs)}</dd></div>` : nothing}
      ${segment ? html`<div><dt>segment</dt><dd>${segmentDuration(node)}</dd></div>` : nothing}
    </dl>
    ${span ? spanDetails(span) : nothing} ${segment ? segmentDetails(segment) : nothing}
    ${log ? logDetails(log) : nothing}
    ${
      item
        ? html`<section class="system" aria-label="Rollbar">
            <h3><i class="mark error"></i>Rollbar</h3>
            ${errorReport(item)}
          </section>`
        : nothing
    }`;
}

function segmentDuration({ segment }: TraceNode): string {
  const [start, end] = [segmentStart(segment), segmentEnd(segment)];
  return start === undefined || end === undefined ? 'in progress' : formatDuration(end - start);
}
