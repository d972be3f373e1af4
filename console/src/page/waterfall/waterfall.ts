import { html, render } from '/lib/lit-html/lit-html.js';
import { formatDuration } from '../shared/format.ts';
import { createVirtualRows } from '../shared/virtual-rows.ts';
import type { TraceNode } from '../trace-tree/trace-node.ts';
import { percentAt, type TimeRange, ticksOf, timeRangeOf } from './time-range.ts';
import { type TraceRow, traceRows } from './trace-rows.ts';
import { waterfallRow, waterfallRowId } from './waterfall-row.ts';

const TICK_WIDTH = 90;
/** The approximate share of the width without the names and durations. */
const CHART_SHARE = 0.45;

export interface Waterfall {
  show(roots: readonly TraceNode[], selected: string | undefined): void;
  move(step: number): void;
  /** Opens or closes the selected row. Closing a row without children selects its parent. */
  fold(open: boolean): void;
}

/** Creates the waterfall: a tree of rows over time, at most one of them selected. */
export function createWaterfall(host: HTMLElement, onSelect: (key: string) => void): Waterfall {
  const axis = document.createElement('div');
  const body = document.createElement('div');
  const closed = new Set<string>();
  let roots: readonly TraceNode[] = [];
  let rows: readonly TraceRow[] = [];
  let range: TimeRange = { start: 0, end: 1 };
  let selected: string | undefined;
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
        range,
        isSelected: row.node.key === selected,
        select: () => onSelect(row.node.key),
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
    if (selected && document.getElementById(waterfallRowId(selected))) {
      host.setAttribute('aria-activedescendant', waterfallRowId(selected));
    } else host.removeAttribute('aria-activedescendant');
  }

  function selectAt(index: number): void {
    const row = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    if (!row) return;
    virtual.reveal(rows.indexOf(row));
    onSelect(row.node.key);
    host.focus({ preventScroll: true });
  }

  const tick = (offset: number) =>
    html`<span .style=${`left:${percentAt(range, range.start + offset)}%`}>${formatTick(offset)}</span>`;
  const selectedIndex = () => rows.findIndex(({ node }) => node.key === selected);

  return {
    show(nextRoots, nextSelected) {
      roots = nextRoots;
      selected = nextSelected;
      range = timeRangeOf(roots);
      const chart = host.clientWidth * CHART_SHARE;
      render(
        html`<div class="ticks">${ticksOf(range, Math.max(2, chart / TICK_WIDTH)).map(tick)}</div>`,
        axis,
      );
      showRows();
    },
    move: (step) => selectAt(selectedIndex() < 0 ? 0 : selectedIndex() + step),
    fold(open) {
      const row = rows[selectedIndex()];
      if (!row) return;
      if (row.node.children.length && row.isOpen !== open) setOpen(row.node.key, open);
      else if (!open && row.parent) selectAt(rows.findIndex(({ node }) => node === row.parent));
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
