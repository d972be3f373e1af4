import { html, nothing, svg, type TemplateResult } from '/lib/lit-html/lit-html.js';
import { clip, formatCount, formatDuration, formatShare } from '../shared/format.ts';
import type { Latency, RouteStats } from './route-stats.ts';

const MAX_ROUTES = 12;
const SLICE = 10;
const HEIGHT = 40;
const ERROR_HEIGHT = 8;

/** Draws latency and failures per route over time as small columns; `showRoute` filters the list. */
export function routesChart(
  stats: readonly RouteStats[],
  showRoute: (route: string) => void,
): TemplateResult {
  const more = stats.length - MAX_ROUTES;
  return html`<ul class="routes">
      ${stats.slice(0, MAX_ROUTES).map((route) => routeItem(route, showRoute))}
    </ul>
    ${more > 0 ? html`<p class="hint">and ${formatCount(more)} more routes</p>` : nothing}`;
}

function routeItem(stats: RouteStats, showRoute: (route: string) => void): TemplateResult {
  const { method, route, count, failures, p50, p95, p99 } = stats;
  const rate = failures / count;
  return html`<li>
    <button type="button" class="route" title="Show only this route" @click=${() => showRoute(route)}>
      <span class="method">${clip(method, 12)}</span> ${clip(route, 200)}
    </button>
    <span class="number">${formatCount(count)}</span>
    ${columns(stats)}
    <dl>
      <div><dt>p50</dt><dd>${formatDuration(p50)}</dd></div>
      <div><dt>p95</dt><dd>${formatDuration(p95)}</dd></div>
      <div><dt>p99</dt><dd>${formatDuration(p99)}</dd></div>
      <div class=${failures ? 'bad' : ''}><dt>errors</dt><dd>${formatShare(rate)}</dd></div>
    </dl>
  </li>`;
}

/** One column per time slice: p50, p95 and p99 point up and overlap; the share of failures points down. */
function columns({ slices }: RouteStats): TemplateResult {
  const highest = Math.max(...slices.map(({ p99 }) => p99 ?? 0)) || 1;
  const width = slices.length * SLICE;
  return html`<svg
    class="columns"
    viewBox="0 0 ${width} ${HEIGHT + 1 + ERROR_HEIGHT}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    <line x1="0" x2=${width} y1=${HEIGHT + 0.5} y2=${HEIGHT + 0.5} vector-effect="non-scaling-stroke" />
    ${slices.map((slice, index) => (slice.count ? column(slice, index * SLICE, highest) : nothing))}
  </svg>`;
}

function column({ count, failures, p50, p95, p99 }: Latency, x: number, highest: number): TemplateResult {
  const upwards = (name: string, value: number | undefined) => {
    const height = value === undefined ? 0 : Math.max(1, (value / highest) * HEIGHT);
    return svg`<rect class=${name} x=${x} width=${SLICE - 2} y=${HEIGHT - height} height=${height} />`;
  };
  const failed = failures ? Math.max(2, (failures / count) * ERROR_HEIGHT) : 0;
  return svg`${upwards('p99', p99)}${upwards('p95', p95)}${upwards('p50', p50)}
    <rect class="failures" x=${x} width=${SLICE - 2} y=${HEIGHT + 1} height=${failed} />`;
}
