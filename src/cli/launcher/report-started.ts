/**
 * Preloaded into the API under the launcher: tells the parent when the API has started.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { STARTED_CHANNEL } from '../../lifecycle/report-started.ts';

function report(): void {
  unsubscribe(STARTED_CHANNEL, report);
  process.send?.({ type: 'ready' });
}

subscribe(STARTED_CHANNEL, report);
