import { html, render } from '/lib/lit-html/lit-html.js';
import { formatDuration } from '../shared/format.ts';
import { createVirtualRows } from '../shared/virtual-rows.ts';
import type { TraceNode } from '../trace-tree/trace-node.ts';
import { percentAt, type Stretch, stretchOf, type TraceRow, ticksOf, traceRows } from './trace-rows.ts';
import { waterfallRow, waterfallRowId } from './waterfall-row.ts';

const TICK_WIDTH = 90;
/** What the names and the durations leave of the width, about. */
const CHART_SHARE = 0.45;

export interface Waterfall {
  show(roots: readonly TraceNode[], picked: string | undefined): void;
  move(step: number): void;
  /** Opens or closes what is under the picked row; from a row without any, closing goes to the parent. */
  fold(open: boolean): void;
}

/** The request over time: a tree of rows, one of which may be picked. */
export function createWaterfall(host: HTMLElement, onPick: (key: string) => void): Waterfall {
  const axis = document.createElement('div');
  const body = document.createElement('div');
  const closed = new Set<string>();
  let roots: readonly TraceNode[] = [];
  let rows: readonly TraceRow[] = [];
  let stretch: Stretch = { start: 0, end: 1 };
  let picked: string | undefined;
  host.role = 'treegrid';
  host.tabIndex = 0;
  host.ariaLabel = 'Spans, segments, log lines and errors over time';
  axis.className = 'axis';
  axis.ariaHidden = 'true';
  body.role = 'rowgroup';
  body.className = 'body';
  host.append(axis, body);
  const virtual = createVirtualRows<TraceRow>({
    scroller: host,
    body,
    keyOf: ({ node }) => node.key,
    row: (row, index) =>
      waterfallRow(row, {
        index,
        stretch,
        isPicked: row.node.key === picked,
        pick: () => onPick(row.node.key),
        fold: () => setOpen(row.node.key, !row.isOpen),
      }),
  });

  function setOpen(key: string, open: boolean): void {
    if (open) closed.delete(key);
    else closed.add(key);
    showRows();
  }

  function showRows(): void {
    rows = traceRows(roots, closed);
    host.ariaRowCount = String(rows.length);
    virtual.show(rows);
    if (picked && document.getElementById(waterfallRowId(picked))) {
      host.setAttribute('aria-activedescendant', waterfallRowId(picked));
    } else host.removeAttribute('aria-activedescendant');
  }

  function pickAt(index: number): void {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    virtual.reveal(rows.indexOf(row));
    onPick(row.node.key);
    host.focus({ preventScroll: true });
  }

  const pickedIndex = () => rows.findIndex(({ node }) => node.key === picked);

  return {
    show(nextRoots, nextPicked) {
      roots = nextRoots;
      picked = nextPicked;
      stretch = stretchOf(roots);
      const chart = host.clientWidth * CHART_SHARE;
      render(
        html`<div class="ticks">${ticksOf(stretch, Math.max(2, chart / TICK_WIDTH)).map(
          (offset) =>
            html`<span .style=${`left:${percentAt(stretch, stretch.start + offset)}%`}>${formatTick(offset)}</span>`,
        )}</div>`,
        axis,
      );
      showRows();
    },
    move: (step) => pickAt(pickedIndex() < 0 ? 0 : pickedIndex() + step),
    fold(open) {
      const row = rows[pickedIndex()];
      if (!row) return;
      if (row.node.children.length && row.isOpen !== open) setOpen(row.node.key, open);
      else if (!open && row.parent) pickAt(rows.findIndex(({ node }) => node === row.parent));
    },
  };
}

function formatTick(offset: number): string {
  return offset === 0
    ? '0'
    : formatDuration(offset)
        .replace(/(\.\d*?)0+(?= )/, '$1')
        .replace('. ', ' ');
}
