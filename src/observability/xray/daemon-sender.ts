import type { DaemonEndpoint } from '../../config/network-values.ts';
import { settleWithin } from '../../lib/with-timeout.ts';
import { createBatchQueue, type Delivery } from '../delivery/batch-queue.ts';
import type { SinkCounters } from '../delivery/sink-counters.ts';
import { createDaemonRoute } from './daemon/daemon-route.ts';
import { createDoubt } from './daemon/doubt.ts';
import { createLookUps } from './daemon/look-ups.ts';
import { isFixed, isGone, type LookUp, lookUpName } from './daemon/names.ts';

const MAX_DOCUMENTS = 8192;
const MAX_BYTES = 8 * 1024 * 1024;
const DELAY_MS = 100;
const LOOK_UP_EVERY_MS = 30_000;

export interface DaemonSender {
  /** Queues a datagram; drops and counts it when the queue is full. */
  send(datagram: Buffer): void;
  /** Sends the queued datagrams. Drops and counts those that are not sent within `budgetMs`. */
  drain(budgetMs: number): Promise<void>;
}

export interface DaemonSenderOptions {
  /** Default: the system's own look-up. */
  readonly lookUp?: LookUp;
  /** Time between two look-ups of a name, while there are datagrams. Default: 30 s. */
  readonly lookUpEveryMs?: number;
}

/**
 * Creates a sender of datagrams to the X-Ray daemon. UDP has no acknowledgement. Where nothing listens, the
 * kernel reports a refusal; the whole batch is then sent again later, because it is unknown which part
 * arrived, and X-Ray keeps one document per id. Where the daemon has left an address, as a container does
 * that is started anew, nothing reports it. So datagrams to a name are `sent` once a later look-up has found
 * that the address still belongs to the name; otherwise they are sent again, to the new address. A name
 * server that does not answer is no evidence of a move.
 */
export function createDaemonSender(
  endpoint: DaemonEndpoint,
  sink: SinkCounters,
  { lookUp = lookUpName, lookUpEveryMs = LOOK_UP_EVERY_MS }: DaemonSenderOptions = {},
): DaemonSender {
  const fixed = isFixed(endpoint.host);
  const lookUps = createLookUps(endpoint.host, lookUp, lookUpEveryMs);
  const route = createDaemonRoute(endpoint);
  const doubt = createDoubt();
  /** Whether the datagrams in doubt have to be sent again. */
  let lost = false;
  /** The datagrams of the last batch that the kernel took. */
  let taken: readonly Buffer[] = [];
  let closed = false;
  let previous: Promise<unknown> = Promise.resolve();

  /** Runs `work` after all earlier work: a batch and a look-up must not change the route at the same time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = previous.then(work);
    previous = result.catch(() => {});
    return result;
  }

  function giveUp(): void {
    route.forget();
    lost = !doubt.isEmpty();
  }

  /** A refusal that arrived after its batch. */
  function noticeFailure(): void {
    const failure = route.failure();
    if (failure === undefined) return;
    sink.failed(failure);
    giveUp();
  }

  /** Settles the datagrams held before `mark`, or sends all in doubt again, by what a look-up has found. */
  async function judge(found: readonly string[] | Error, mark: number): Promise<void> {
    if (closed) return;
    noticeFailure();
    if (found instanceof Error) {
      sink.failed(found);
      if (isGone(found)) giveUp();
      return;
    }
    if (route.resolved(found)) lost = true;
    if (!lost) return settle(mark);
    await sendAgain().catch(sink.failed);
  }

  function settle(mark: number): void {
    const count = doubt.settle(mark);
    if (count > 0) sink.sent(count);
  }

  async function sendAgain(): Promise<void> {
    if (lost && !doubt.isEmpty()) await transmit(doubt.all());
    lost = false;
  }

  async function transmit(datagrams: readonly Buffer[]): Promise<readonly Buffer[]> {
    try {
      return await route.send(datagrams);
    } catch (error) {
      giveUp();
      throw error;
    }
  }

  async function lookAgain(): Promise<void> {
    const mark = doubt.mark();
    const found = await lookUps.find();
    await inTurn(() => judge(found, mark));
    keepLooking();
  }

  function keepLooking(): void {
    if (!doubt.isEmpty() && !closed) lookUps.whenDue(lookAgain);
  }

  /** Looks up the name where it has to be done before sending: at first, after a pause, with too much in doubt. */
  async function findRoute(): Promise<void> {
    noticeFailure();
    const isAwake = fixed || !doubt.isEmpty() || !lookUps.isDue();
    if (!route.isUnknown() && isAwake && !doubt.isFull()) return;
    const mark = doubt.mark();
    const found = await lookUps.find();
    if (found instanceof Error && route.isUnknown()) throw found;
    await judge(found, mark);
    if (doubt.isFull() && !lost) settle(mark);
  }

  async function deliver(datagrams: readonly Buffer[]): Promise<Delivery> {
    await findRoute();
    if (closed) throw new Error('already drained');
    await sendAgain();
    taken = await transmit(datagrams);
    return {
      rejected: datagrams.length - taken.length,
      reason: "larger than the system's limit for a datagram",
    };
  }

  const queue = createBatchQueue<Buffer>({
    sink: { ...sink, sent: fixed ? sink.sent : holdTaken },
    maxItems: MAX_DOCUMENTS,
    maxBytes: MAX_BYTES,
    batchItems: 1024,
    batchBytes: 1024 * 1024,
    delayMs: DELAY_MS,
    concurrency: 1,
    sizeOf: (datagram) => datagram.length,
    deliver: (datagrams) => inTurn(() => deliver(datagrams)),
  });

  function holdTaken(): void {
    doubt.hold(taken);
    keepLooking();
  }

  return {
    send: queue.add,
    async drain(budgetMs) {
      const end = performance.now() + budgetMs;
      await queue.drain(budgetMs);
      lookUps.cancel();
      if (!doubt.isEmpty()) await settleWithin(Math.max(0, end - performance.now()), lookAgain());
      closed = true;
      lookUps.cancel();
      const count = doubt.settle(doubt.mark());
      if (count > 0 && lost) sink.dropped(count, 'sent to an address that the daemon has left');
      else if (count > 0) sink.sent(count);
      route.forget();
    },
  };
}
