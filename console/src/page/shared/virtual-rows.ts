import { repeat } from '/lib/lit-html/directives/repeat.js';
import { render, type TemplateResult } from '/lib/lit-html/lit-html.js';

const OVERSCAN = 12;

interface VirtualRowsOptions<T> {
  /** The scroll container of `body`; may also hold a sticky head above it. */
  readonly scroller: HTMLElement;
  /** As tall as all rows, but holds only those near the viewport. Its style sets `--row-height`, in rem. */
  readonly body: HTMLElement;
  keyOf(item: T): string;
  row(item: T, index: number): TemplateResult;
}

export interface VirtualRows<T> {
  /** Shows these rows. The first visible row keeps its position when rows appear above it. */
  show(items: readonly T[]): void;
  /** Draws the same rows again, for example after the active row changed. */
  draw(): void;
  /** Scrolls a row into view by the shortest distance. */
  reveal(index: number): void;
  /** The index of the first row that is entirely visible. */
  firstSeen(): number;
}

/** Creates rows of equal height; the document holds only those near the viewport. */
export function createVirtualRows<T>(options: VirtualRowsOptions<T>): VirtualRows<T> {
  const { scroller, body, keyOf, row } = options;
  const block = document.createElement('div');
  block.role = 'presentation';
  block.className = 'rows';
  body.append(block);
  let items: readonly T[] = [];
  let height = rowHeight(body);
  let scrollTop = scroller.scrollTop;

  function seenHeight(): number {
    return scroller.clientHeight - (body.offsetTop - scroller.clientTop);
  }

  function draw(): void {
    const first = Math.max(0, Math.floor(scrollTop / height) - OVERSCAN);
    const last = Math.ceil((scrollTop + scroller.clientHeight) / height) + OVERSCAN;
    block.style.transform = `translateY(${first * height}px)`;
    const near = items.slice(first, last);
    render(
      repeat(near, keyOf, (item, index) => row(item, first + index)),
      block,
    );
  }

  function scrollTo(top: number): void {
    scroller.scrollTop = top;
    scrollTop = scroller.scrollTop;
  }

  scroller.addEventListener(
    'scroll',
    () => {
      scrollTop = scroller.scrollTop;
      draw();
    },
    { passive: true },
  );
  new ResizeObserver(() => {
    if (scroller.clientHeight === 0) return;
    const before = height;
    height = rowHeight(body);
    body.style.height = `${items.length * height}px`;
    scrollTo((scrollTop / before) * height);
    draw();
  }).observe(scroller);

  return {
    show(next) {
      const index = Math.floor(scrollTop / height);
      const anchor = scrollTop > 0 ? items[index] : undefined;
      const moved = anchor ? indexOfKey(next, keyOf, keyOf(anchor), index) - index : 0;
      items = next;
      if (items.length === 0) scrollTop = 0;
      body.style.height = `${items.length * height}px`;
      if (moved !== 0) scrollTo(scrollTop + moved * height);
      draw();
    },
    draw,
    reveal(index) {
      const top = index * height;
      if (top < scrollTop) scrollTo(top);
      else if (top + height > scrollTop + seenHeight()) scrollTo(top + height - seenHeight());
      draw();
    },
    firstSeen: () => Math.ceil(scrollTop / height),
  };
}

/** Returns `fallback` for an unknown key, which keeps the scroll position. */
function indexOfKey<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  key: string,
  fallback: number,
): number {
  const index = items.findIndex((item) => keyOf(item) === key);
  return index < 0 ? fallback : index;
}

function rowHeight(body: HTMLElement): number {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Number.parseFloat(getComputedStyle(body).getPropertyValue('--row-height')) * rem;
}
