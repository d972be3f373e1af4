import { html, nothing, render, type TemplateResult } from '/lib/lit-html/lit-html.js';
import type { ConsoleStatus, TraceSummary } from '../../api/types.ts';
import { envVariablesBlock } from '../shared/env-variables.ts';
import { formatCount } from '../shared/format.ts';
import { recordingFilesLine } from './recording-files.ts';
import { statsByRoute } from './route-stats.ts';
import { routesChart } from './routes-chart.ts';
import { memoryLine, sinksTable, unreadableList } from './sinks.ts';

const SLICES = 30;
const WINDOWS = [1, 5, 15, 60];
const MINUTE = 60_000;
const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['j', 'k'], 'move'],
  [['Enter'], 'open'],
  [['Esc'], 'back'],
  [['/'], 'filter'],
  [['p'], 'pause'],
];

export interface Overview {
  show(traces: readonly TraceSummary[], status: ConsoleStatus | undefined): void;
}

/** Creates the overview beside the list: latency per route, input per system, unreadable input, shortcuts. */
export function createOverview(host: HTMLElement, showRoute: (route: string) => void): Overview {
  let minutes = 5;

  function show(traces: readonly TraceSummary[], status: ConsoleStatus | undefined): void {
    const windowMs = minutes * MINUTE;
    const stats = statsByRoute(traces, { now: Date.now(), windowMs, slices: SLICES });
    const chooseWindow = (event: Event) => {
      minutes = Number((event.target as HTMLSelectElement).value);
      show(traces, status);
    };
    const windowOption = (each: number) =>
      html`<option value=${each} ?selected=${each === minutes}>${each} min</option>`;
    render(
      html`${status ? statusSections(status) : nothing}
        <section aria-labelledby="routes-title">
          <header>
            <h2 id="routes-title">Routes</h2>
            <p class="legend">
              <i class="p50"></i>p50 <i class="p95"></i>p95 <i class="p99"></i>p99
              <i class="failures"></i>errors
            </p>
            <select aria-label="Time window" @change=${chooseWindow}>
              ${WINDOWS.map(windowOption)}
            </select>
          </header>
          ${
            stats.length
              ? routesChart(stats, showRoute)
              : html`<p class="hint">No requests in the last ${minutes} min.</p>`
          }
        </section>
        ${status ? sendHere(status) : nothing} ${keysSection()}`,
      host,
    );
  }

  return { show };
}

function statusSections(status: ConsoleStatus): TemplateResult {
  const { unread } = status;
  return html`<section aria-labelledby="sinks-title">
      <h2 id="sinks-title">Received</h2>
      ${sinksTable(status)} ${memoryLine(status)} ${recordingFilesLine(status)}
    </section>
    <section aria-labelledby="unread-title">
      <h2 id="unread-title">
        Unreadable input
        ${unread.length ? html`<b class="bad">${formatCount(unread.length)}</b>` : nothing}
      </h2>
      ${unread.length ? unreadableList(unread) : html`<p class="hint">All input was readable.</p>`}
    </section>`;
}

function sendHere({ variables }: ConsoleStatus): TemplateResult {
  return html`<section aria-labelledby="variables-title">
    <details>
      <summary><h2 id="variables-title">Send telemetry here</h2></summary>
      <p class="hint">Set these variables in another program to see its requests here.</p>
      ${envVariablesBlock(variables)}
    </details>
  </section>`;
}

function keysSection(): TemplateResult {
  return html`<section aria-labelledby="keys-title">
    <h2 id="keys-title">Keyboard shortcuts</h2>
    <p class="keys">
      ${KEYS.map(([keys, what]) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd>`)} ${what}</span> `)}
    </p>
  </section>`;
}
