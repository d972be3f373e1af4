import { render } from '/lib/lit-html/lit-html.js';
import type { TraceSummary } from '../../api/types.ts';
import { createVirtualRows } from '../shared/virtual-rows.ts';
import { listHead, listRow, rowId } from './list-row.ts';

export interface RequestList {
  show(traces: readonly TraceSummary[]): void;
  /** Moves the active row by `step` and scrolls it into view. */
  move(step: number): void;
  /** The trace id of the active row. */
  active(): string | undefined;
  activate(traceId: string): void;
}

/** Creates the list of requests, a grid with one active row. */
export function createRequestList(host: HTMLElement): RequestList {
  const body = document.createElement('div');
  const head = document.createElement('div');
  let traces: readonly TraceSummary[] = [];
  let active: string | undefined;
  host.role = 'grid';
  host.tabIndex = 0;
  host.ariaLabel = 'Requests, newest first';
  host.ariaColCount = '9';
  head.role = 'rowgroup';
  head.className = 'heads';
  body.role = 'rowgroup';
  body.className = 'body';
  host.append(head, body);
  render(listHead(), head);
  const rows = createVirtualRows<TraceSummary>({
    scroller: host,
    body,
    keyOf: ({ traceId }) => traceId,
    row: (summary, index) => listRow(summary, index, summary.traceId === active),
  });

  function activate(traceId: string): void {
    active = traceId;
    rows.draw();
    nameActiveRow();
  }

  /** Rows outside the viewport are not in the document, so aria-activedescendant cannot name them. */
  function nameActiveRow(): void {
    const id = active && rowId(active);
    if (id && document.getElementById(id)) host.setAttribute('aria-activedescendant', id);
    else host.removeAttribute('aria-activedescendant');
  }

  host.addEventListener('scroll', nameActiveRow, { passive: true });

  return {
    show(next) {
      traces = next;
      host.ariaRowCount = String(traces.length + 1);
      rows.show(traces);
      nameActiveRow();
    },
    move(step) {
      const from = traces.findIndex(({ traceId }) => traceId === active);
      const to = from < 0 ? rows.firstSeen() : Math.min(Math.max(from + step, 0), traces.length - 1);
      const next = traces[to];
      if (!next) return;
      active = next.traceId;
      rows.reveal(to);
      nameActiveRow();
      host.focus({ preventScroll: true });
    },
    active: () => (traces.some(({ traceId }) => traceId === active) ? active : undefined),
    activate,
  };
}
