import { type Filters, readFilters, writeFilters } from '../list/filters.ts';

type Place =
  | { readonly view: 'requests' | 'overview'; readonly filters: Filters }
  /** `id` is a trace id in any format; `row` is the key of the selected row. */
  | { readonly view: 'trace'; readonly id: string; readonly row: string | undefined };

export interface Router {
  place(): Place;
  /** The last address of the list, with its filters. */
  listUrl(): string;
  /** Changes some filters and keeps the others. */
  setFilters(change: Partial<Filters>): void;
  selectRow(row: string | undefined): void;
  openTrace(id: string): void;
  /** Returns to the list, through the browser's history if the trace was opened from there. */
  leaveTrace(): void;
}

/** Keeps the current view in the page's address; calls `onMove` after each change. */
export function createRouter(onMove: () => void): Router {
  let place = placeOf(location.href);
  let listUrl = place.view === 'trace' ? '/' : location.pathname + location.search;
  let cameFromList = false;

  function arrive(): void {
    place = placeOf(location.href);
    if (place.view !== 'trace') listUrl = location.pathname + location.search;
    onMove();
  }

  function go(url: string): void {
    cameFromList = place.view !== 'trace';
    history.pushState(null, '', url);
    arrive();
  }

  function replaceQuery(change: (query: URLSearchParams) => void): void {
    const url = new URL(location.href);
    change(url.searchParams);
    history.replaceState(null, '', url);
    arrive();
  }

  addEventListener('popstate', arrive);
  document.addEventListener('click', (event) => {
    const href = ownHref(event);
    if (href === undefined) return;
    event.preventDefault();
    go(href);
  });

  return {
    place: () => place,
    listUrl: () => listUrl,
    setFilters: (change) =>
      replaceQuery((query) => writeFilters({ ...readFilters(query), ...change }, query)),
    selectRow: (row) => replaceQuery((query) => (row ? query.set('row', row) : query.delete('row'))),
    openTrace: (id) => go(`/trace/${encodeURIComponent(id)}`),
    leaveTrace: () => (cameFromList ? history.back() : go(listUrl)),
  };
}

function placeOf(href: string): Place {
  const { pathname, searchParams } = new URL(href);
  const id = /^\/trace\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (id !== undefined) return { view: 'trace', id: decode(id), row: searchParams.get('row') ?? undefined };
  const view = searchParams.get('view') === 'overview' ? 'overview' : 'requests';
  return { view, filters: readFilters(searchParams) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns the address of a clicked link within the page; ignores new tabs and downloads. */
function ownHref(event: MouseEvent): string | undefined {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const href = link.getAttribute('href');
  if (link.hasAttribute('download') || !/^\/(?:$|\?|trace\/)/.test(href ?? '')) return;
  return href ?? undefined;
}
