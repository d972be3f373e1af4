import { html, nothing, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { TraceSummary } from '../../api/types.ts';
import { clip, formatCount, formatDateTime, formatDuration, formatTime } from '../shared/format.ts';
import { SYSTEMS } from '../shared/systems.ts';

const NAME_LENGTH = 300;
const FRESH_MS = 1_000;

/** The column headers, in the order of the cells in `listRow`. */
export function listHead(): TemplateResult {
  return html`<div role="row" class="row head" aria-rowindex="1">
    <span role="columnheader">Time</span>
    <span role="columnheader">Method</span>
    <span role="columnheader">Route</span>
    <span role="columnheader" class="number">Status</span>
    <span role="columnheader" class="duration">Duration</span>
    ${SYSTEMS.map(
      ({ kind, many }) =>
        html`<span role="columnheader" class="number count ${kind}">${capitalised(many)}</span>`,
    )}
  </div>`;
}

/** One request. The whole row is a link, outside the tab order because the list itself takes the focus. */
export function listRow(summary: TraceSummary, index: number, isActive: boolean): TemplateResult {
  const { traceId, method, route, path, name, status, durationMs, counts, failed, startedAt } = summary;
  const label = route ?? path ?? name;
  const detail = path && path !== label ? besideRoute(path, label) : '';
  const fresh = Date.now() - summary.receivedAt < FRESH_MS ? 'fresh' : '';
  return html`<div
    role="row"
    id=${rowId(traceId)}
    class="row ${failed ? 'failed' : ''} ${fresh}"
    aria-rowindex=${index + 2}
    aria-selected=${isActive}
  >
    <span role="gridcell" class="time" title=${formatDateTime(startedAt)}>${formatTime(startedAt)}</span>
    <span role="gridcell" class="method">${clip(method ?? '', 12)}</span>
    <span role="gridcell" class="route"
      ><a href="/trace/${traceId}" tabindex="-1">${clip(label, NAME_LENGTH) || '(no name)'}</a>
      ${detail ? html`<span class="path">${clip(detail, NAME_LENGTH)}</span>` : nothing}</span
    >
    <span role="gridcell" class="number status ${statusClass(status, failed)}"
      >${status ?? (failed ? 'error' : '–')}</span
    >
    <span role="gridcell" class="duration"
      ><span class="bar"><i .style=${`width:${barWidth(durationMs)}%`}></i></span
      >${formatDuration(durationMs)}</span
    >
    ${SYSTEMS.map(({ kind, one, many }) => {
      const count = counts[kind];
      const label = `${formatCount(count)} ${count === 1 ? one : many}`;
      return html`<span role="gridcell" class="number count ${kind} ${count ? '' : 'none'}" title=${label}
        >${formatCount(count)}</span
      >`;
    })}
  </div>`;
}

export function rowId(traceId: string): string {
  return `row-${traceId}`;
}

/** Returns the class that colours a status: `bad` for 5xx and failed requests, `wary` for 4xx. */
export function statusClass(status: number | undefined, failed: boolean): string {
  if (failed || (status ?? 0) >= 500) return 'bad';
  return (status ?? 0) >= 400 ? 'wary' : '';
}

/** Returns only the query when the rest of the path equals the route. */
function besideRoute(path: string, route: string): string {
  return path.startsWith(`${route}?`) ? path.slice(route.length) : path;
}

/** A logarithmic scale from 1 ms to 10 s. It is fixed, so that new rows do not change the bars. */
function barWidth(durationMs = 0): number {
  return Math.min(100, 25 * Math.log10(1 + Math.max(0, durationMs)));
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
