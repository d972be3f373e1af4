import { html, nothing, render } from '/lib/lit-html/lit-html.js';
import type { TraceView } from '../../api/types.ts';
import { rowDetails } from '../details/row-details.ts';
import { clip } from '../shared/format.ts';
import { hexDigits } from '../shared/trace-ids.ts';
import type { Store } from '../state/store.ts';
import type { TraceNode } from '../trace-tree/trace-node.ts';
import { allOf, traceTree } from '../trace-tree/trace-tree.ts';
import { timeRangeOf } from '../waterfall/time-range.ts';
import { createWaterfall } from '../waterfall/waterfall.ts';
import { faultsOf } from './faults.ts';
import { traceHead } from './trace-head.ts';
import { createTraceLoader, type LoadedTrace } from './trace-loader.ts';

interface TracePageOptions {
  readonly store: Store;
  listUrl(): string;
  selectRow(key: string | undefined): void;
}

export interface TracePage {
  show(id: string, row: string | undefined): void;
  /** Reloads the trace if it has grown. */
  update(): void;
  leave(): void;
  move(step: number): void;
  fold(open: boolean): void;
}

/** Creates the view of one request. */
export function createTracePage(
  host: HTMLElement,
  { store, listUrl, selectRow }: TracePageOptions,
): TracePage {
  const head = element('div', 'head');
  const chart = element('div', 'waterfall');
  const details = element('aside', 'details');
  host.append(head, chart, details);
  details.ariaLabel = 'Selected row';
  const waterfall = createWaterfall(chart, selectRow);
  let loaded: LoadedTrace = { state: 'loading' };
  let roots: TraceNode[] = [];
  let nodes: TraceNode[] = [];
  let [id, selected]: [string, string | undefined] = ['', undefined];

  const loader = createTraceLoader((next) => {
    loaded = next;
    roots = next.state === 'there' ? traceTree(next.view) : [];
    nodes = allOf(roots);
    draw();
  });

  function draw(): void {
    const there = loaded.state === 'there';
    chart.hidden = details.hidden = !there;
    document.title = there ? titleOf((loaded as { view: TraceView }).view) : 'Trace · Local console';
    if (loaded.state !== 'there') {
      render(traceState(loaded, id, listUrl()), head);
      return;
    }
    const faults = faultsOf(nodes);
    const row =
      nodes.find(({ key }) => key === selected) ??
      nodes.find(({ key }) => key === faults[0]?.key) ??
      roots[0];
    details.classList.toggle('selected', selected !== undefined);
    render(
      html`${traceHead(loaded.view, listUrl())}${
        faults.length
          ? html`<ul class="faults" aria-label="Errors">
              ${faults.map(
                ({ kind, title, key }) =>
                  html`<li>
                    <button type="button" @click=${() => selectRow(key)}>
                      <i class="mark ${kind}"></i>${clip(title, 300)}
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }`,
      head,
    );
    waterfall.show(roots, row?.key);
    render(row ? rowDetails(row, timeRangeOf(roots).start, () => selectRow(undefined)) : nothing, details);
  }

  return {
    show(nextId, row) {
      selected = row;
      if (nextId === id) draw();
      id = nextId;
      loader.open(id);
    },
    update() {
      const latest = store.trace(hexDigits(id));
      const known = loaded.state === 'there' ? loaded.view.summary.revision : 0;
      if (latest && latest.revision > known) loader.refresh();
    },
    leave: loader.leave,
    move: waterfall.move,
    fold: waterfall.fold,
  };
}

function traceState(loaded: Exclude<LoadedTrace, { state: 'there' }>, id: string, listUrl: string) {
  if (loaded.state === 'loading') return html`<p class="hint" role="status">Loading…</p>`;
  const title = loaded.state === 'missing' ? 'No trace with this id' : 'This trace could not be loaded';
  return html`<header class="request">
    <h1><a class="back" href=${listUrl} aria-label="Back to requests">←</a> ${title}</h1>
    <p class="ids"><code>${clip(id, 200)}</code></p>
    <p>${clip(loaded.message, 500)}</p>
    <p class="hint">It appears here as soon as its data arrives.</p>
  </header>`;
}

function titleOf({ summary: { name, status } }: TraceView): string {
  return `${clip(name, 100)}${status ? ` ${status}` : ''} · Local console`;
}

function element(name: string, className: string): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
