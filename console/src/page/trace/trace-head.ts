import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { TraceView } from '../../api/types.ts';
import { statusClass } from '../list/list-row.ts';
import { copyButton } from '../shared/copy-button.ts';
import { clip, formatCount, formatDateTime, formatDuration } from '../shared/format.ts';
import { SYSTEMS } from '../shared/systems.ts';
import { xrayForm } from '../shared/trace-ids.ts';
import { curlOf } from './curl.ts';

/** Shows the request, its ids, and the buttons to copy and export. */
export function traceHead(view: TraceView, listUrl: string): TemplateResult {
  const { traceId, method, path, name, status, durationMs, startedAt, service, counts, failed } =
    view.summary;
  const curl = curlOf(view);
  return html`<header class="request">
    <h1>
      <a class="back" href=${listUrl} aria-label="Back to requests">←</a>
      ${method ? html`<span class="method">${clip(method, 12)}</span> ` : nothing}${clip(path ?? name, 500)}
      <span class="status ${statusClass(status, failed)}">${status ?? (failed ? 'failed' : '')}</span>
    </h1>
    <p class="facts">
      <b>${formatDuration(durationMs)}</b>
      <time>${formatDateTime(startedAt)}</time>
      ${service ? html`<span>${clip(service, 100)}</span>` : nothing}
      ${SYSTEMS.map(
        ({ kind, one, many }) =>
          html`<span class="tally ${counts[kind] ? '' : 'none'}"
            ><i class="mark ${kind} ${counts[kind] ? '' : 'missing'}"></i>${formatCount(counts[kind])}
            ${counts[kind] === 1 ? one : many}</span
          >`,
      )}
    </p>
    <p class="ids">
      <code>${traceId}</code> ${copyButton('Copy id', () => traceId)}
      ${copyButton('Copy X-Ray id', () => xrayIdOf(view))}
      ${curl === undefined ? nothing : copyButton('Copy curl', () => curl)}
      <a class="button" href="/api/traces/${traceId}" download="trace-${traceId}.json">Export JSON</a>
    </p>
    ${
      view.notes.length
        ? html`<ul class="notes" aria-label="Notes">
            ${view.notes.map((note) => html`<li>${clip(note, 500)}</li>`)}
          </ul>`
        : nothing
    }
  </header>`;
}

/** Returns the id of the segments, which differs from the trace's where X-Ray refuses the caller's id. */
function xrayIdOf({ segments, summary: { traceId, aliases } }: TraceView): string {
  return segments.find(({ trace_id: id }) => id)?.trace_id ?? xrayForm(aliases?.[0] ?? traceId);
}
