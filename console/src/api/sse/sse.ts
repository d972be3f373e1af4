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
 * Server-sent events: `hello`, then `traces`, `status` and `cleared` as they come. The id of an event is
 * `<epoch>:<revision>`; who comes back with one of this epoch gets what is newer, anybody else the newest traces.
 */
export function createSseHandler({ journal, epoch, status }: LiveOptions) {
  const readers = new Set<SseClient>();
  const batches = createSummaryBatches(journal);
  let clearedAt = journal.revision();

  const sendTraces = throttle(TRACES_EVERY_MS, () => {
    for (const reader of readers) reader.advance();
  });
  const sendStatus = throttle(STATUS_EVERY_MS, () => {
    const event = statusEvent();
    for (const reader of readers) reader.send(event);
  });

  function changed(): void {
    if (readers.size === 0) return;
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
      for (const reader of readers) reader.clear(clearedAt);
      changed();
    },
  });

  /** The revision that a reader has seen; undefined when it has seen nothing of what is here. */
  function seenBy(request: Request): number | undefined {
    const [, seenEpoch, digits] = /^(.+):(\d{1,15})$/.exec(request.get('last-event-id') ?? '') ?? [];
    const revision = Number(digits);
    if (seenEpoch !== epoch || revision < clearedAt || revision > journal.revision()) return undefined;
    return revision;
  }

  return (request: Request, response: Response): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const reader = createSseClient({ response, epoch, batches });
    readers.add(reader);
    response.once('close', () => readers.delete(reader));
    reader.send(`retry: 1000\nevent: hello\ndata: ${JSON.stringify({ epoch })}\n\n`);
    reader.send(statusEvent());
    const seen = seenBy(request);
    if (seen === undefined) reader.clear(batches.beforeNewest());
    reader.advance(seen);
  };
}
