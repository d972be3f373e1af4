import type { ConsoleStatus, TraceSummary } from '../../api/types.ts';
import type { Store } from './store.ts';

const RETRY_MS = 2_000;

export type Connection = 'connecting' | 'live' | 'reconnecting';

/** Puts what `/api/live` tells into the store, and says how the connection stands. */
export function followLive(store: Store, onConnection: (connection: Connection) => void): void {
  let connected = false;

  function connect(): void {
    const source = new EventSource('/api/live');
    source.addEventListener('hello', () => {
      connected = true;
      onConnection('live');
    });
    source.addEventListener('traces', ({ data }) => store.add(JSON.parse(data) as TraceSummary[]));
    source.addEventListener('status', ({ data }) => store.setStatus(JSON.parse(data) as ConsoleStatus));
    source.addEventListener('cleared', () => store.clear());
    source.addEventListener('error', () => {
      onConnection(connected ? 'reconnecting' : 'connecting');
      // The browser comes back by itself, with Last-Event-ID, unless an answer told it not to.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
  }

  connect();
}
