/**
 * Preloaded into the API under the launcher: tells the parent when the first server of the process listens.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const CHANNEL = 'tracing:net.server.listen:asyncEnd';

function report(): void {
  unsubscribe(CHANNEL, report);
  process.send?.({ type: 'ready' });
}

subscribe(CHANNEL, report);
