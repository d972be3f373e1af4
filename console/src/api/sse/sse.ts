import type { Request, Response } from 'express';
import type { Journal } from '../../journal/journal.ts';
import type { ConsoleStatus } from '../types.ts';
import { createSseClient, type SseClient } from './sse-client.ts';
import { createSummaryBatches } from './summary-batches.ts';
import { throttle } from './throttle.ts';

const TRACES_EVERY_MS = 100;
const STATUS_EVERY_MS = 1000;

interface LiveOptions {
  readonly journal: Journal;
  readonly epoch: string;
  readonly status: () => ConsoleStatus;
}

/**
 * Returns the handler of the event stream. It sends `hello`, then `traces`, `status` and `cleared` when they
 * change. The id of an event is `<epoch>:<revision>`. A client that reconnects with an id of this epoch gets
 * the newer traces; any other client gets the newest traces.
 */
export function createSseHandler({ journal, epoch, status }: LiveOptions) {
  const clients = new Set<SseClient>();
  const batches = createSummaryBatches(journal);
  let clearedAt = journal.revision();

  const sendTraces = throttle(TRACES_EVERY_MS, () => {
    for (const client of clients) client.advance();
  });
  const sendStatus = throttle(STATUS_EVERY_MS, () => {
    const event = statusEvent();
    for (const client of clients) client.send(event);
  });

  function changed(): void {
    if (clients.size === 0) return;
    sendTraces();
    sendStatus();
  }

  function statusEvent(): string {
    return `event: status\ndata: ${JSON.stringify(status())}\n\n`;
  }

  journal.subscribe({
    added: changed,
    counted: changed,
    cleared() {
      clearedAt = journal.revision();
      for (const client of clients) client.clear(clearedAt);
      changed();
    },
  });

  /** Returns the last valid revision that the client received; undefined when there is none. */
  function seenBy(request: Request): number | undefined {
    const [, seenEpoch, digits] = /^(.+):(\d{1,15})$/.exec(request.get('last-event-id') ?? '') ?? [];
    const revision = Number(digits);
    if (seenEpoch !== epoch || revision < clearedAt || revision > journal.revision()) return undefined;
    return revision;
  }

  return (request: Request, response: Response): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const client = createSseClient({ response, epoch, batches });
    clients.add(client);
    response.once('close', () => clients.delete(client));
    client.send(`retry: 1000\nevent: hello\ndata: ${JSON.stringify({ epoch })}\n\n`);
    client.send(statusEvent());
    const seen = seenBy(request);
    if (seen === undefined) client.clear(batches.beforeNewest());
    client.advance(seen);
  };
}
