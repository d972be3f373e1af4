import { showNoMatch, showNoRequests } from './list/empty-state.ts';
import { createFilterBar } from './list/filter-bar.ts';
import { createMatcher, isFiltering, readFilters } from './list/filters.ts';
import { createRequestList } from './list/request-list.ts';
import { createOverview } from './overview/overview.ts';
import { announce, byId, oncePerFrame } from './shared/dom.ts';
import { showHeader } from './shell/header.ts';
import { type KeyActions, listenToKeys } from './shell/keyboard.ts';
import { createRouter } from './shell/router.ts';
import { type Connection, followLive } from './state/follow-live.ts';
import { createPause } from './state/pause.ts';
import { createStore } from './state/store.ts';
import { createTracePage } from './trace/trace-page.ts';

const NO_FILTERS = readFilters(new URLSearchParams());

const store = createStore();
const draw = oncePerFrame(drawNow);
const router = createRouter(draw);
const pause = createPause(store);
const list = createRequestList(byId('list'));
const filterBar = createFilterBar(byId('filters'), {
  onChange: router.setFilters,
  onTrace: router.openTrace,
});
const overview = createOverview(byId('overview'), (route) => router.setFilters({ ...NO_FILTERS, route }));
const trace = createTracePage(byId('trace'), { store, listUrl: router.listUrl, selectRow: router.selectRow });
let connection: Connection = 'connecting';

function drawNow(): void {
  const place = router.place();
  document.body.dataset.view = place.view;
  byId('title').textContent = place.view === 'overview' ? 'Overview' : 'Requests';
  byId('title').hidden = place.view === 'trace';
  byId('trace').hidden = place.view !== 'trace';
  byId('requests').hidden = place.view === 'trace';
  byId('overview').hidden = place.view === 'trace';
  byId('connection').textContent =
    connection === 'reconnecting'
      ? 'Reconnecting… The console is not responding. The data shown may be out of date.'
      : '';
  showHeader(
    byId('header'),
    {
      view: place.view,
      listUrl: router.listUrl(),
      connection,
      paused: pause.isOn(),
      waiting: pause.waiting(),
    },
    { pause: togglePause, clear },
  );
  if (place.view === 'trace') {
    trace.show(place.id, place.row);
    trace.update();
    return;
  }
  trace.leave();
  document.title = 'Requests · Local console';
  drawRequests();
  overview.show(store.traces(), store.status());
}

function drawRequests(): void {
  const place = router.place();
  if (place.view === 'trace') return;
  const all = pause.traces();
  const shown = isFiltering(place.filters) ? all.filter(createMatcher(place.filters)) : all;
  filterBar.show(place.filters, all, shown.length);
  byId('list').hidden = shown.length === 0;
  byId('empty').hidden = shown.length > 0 || connection === 'connecting';
  list.show(shown);
  if (shown.length) return;
  if (all.length) showNoMatch(byId('empty'), () => router.setFilters(NO_FILTERS));
  else showNoRequests(byId('empty'), store.status());
}

function togglePause(): void {
  pause.toggle();
  announce(pause.isOn() ? 'Paused' : 'Resumed');
  draw();
}

async function clear(): Promise<void> {
  await fetch('/api/traces', { method: 'DELETE' });
  if (pause.isOn()) pause.toggle();
  announce('Cleared');
}

function keyActions(): KeyActions {
  const search = () => filterBar.focus();
  const place = router.place();
  if (place.view !== 'trace') {
    const open = () => {
      const id = list.active();
      if (id) router.openTrace(id);
    };
    return { move: list.move, open, back: () => undefined, search, pause: togglePause };
  }
  const back = () => (place.row ? router.selectRow(undefined) : router.leaveTrace());
  return { move: trace.move, fold: trace.fold, back, search, pause: togglePause };
}

store.subscribe(draw);
listenToKeys(keyActions);
followLive(store, (state) => {
  connection = state;
  draw();
});
// Updates relative times such as "12 s ago" and moves the time window of the charts.
setInterval(draw, 1_000);
draw();
