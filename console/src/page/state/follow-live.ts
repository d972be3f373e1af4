import type { ConsoleStatus, TraceSummary } from '../../api/types.ts';
import type { Store } from './store.ts';

const RETRY_MS = 2_000;

export type Connection = 'connecting' | 'live' | 'reconnecting';

/** Updates the store from `/api/live` and reports the state of the connection. */
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
      // The browser reconnects by itself, with Last-Event-ID, unless an HTTP error closed the stream.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
  }

  connect();
}
