import type { DaemonEndpoint } from '../../../config/variables/network-values.ts';
import { settleWithin } from '../../../lib/with-timeout.ts';
import type { SinkCounters } from '../../delivery/sink-counters.ts';
import type { ArenaString } from '../../delivery/string-arena.ts';
import { createDaemonRoute } from './daemon-route.ts';
import { createDoubt } from './doubt.ts';
import type { LookUps } from './look-ups.ts';
import { isFixed, isGone } from './names.ts';

/** The daemon at its present address. */
export interface WatchedDaemon {
  /** Sends datagrams and resolves with those that the kernel took. Rejects to be called again later. */
  send(datagrams: readonly ArenaString[]): Promise<readonly ArenaString[]>;
  /** Counts datagrams that the kernel took as sent: at once, or when a look-up confirms the address. */
  taken(datagrams: readonly ArenaString[]): void;
  /** Looks up the name once more within `budgetMs`, and counts what is still in doubt. */
  close(budgetMs: number): Promise<void>;
}

/**
 * Creates the daemon. Datagrams to a name are in doubt until a later look-up finds that the address they went
 * to still belongs to the name. Otherwise, and after a refusal, they are sent again. A name server that does
 * not answer is no evidence of a move.
 */
export function createWatchedDaemon(
  endpoint: DaemonEndpoint,
  sink: SinkCounters,
  lookUps: LookUps,
): WatchedDaemon {
  const fixed = isFixed(endpoint.host);
  const route = createDaemonRoute(endpoint);
  const doubt = createDoubt();
  /** Whether the datagrams in doubt have to be sent again. */
  let lost = false;
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

  function settle(mark: number): void {
    const count = doubt.settle(mark);
    if (count > 0) sink.sent(count);
  }

  async function transmit(datagrams: readonly ArenaString[]): Promise<readonly ArenaString[]> {
    try {
      return await route.send(datagrams);
    } catch (error) {
      giveUp();
      throw error;
    }
  }

  async function sendAgain(): Promise<void> {
    if (lost && !doubt.isEmpty()) await transmit(doubt.all());
    lost = false;
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

  async function lookAgain(): Promise<void> {
    const mark = doubt.mark();
    const found = await lookUps.find();
    await inTurn(() => judge(found, mark));
    keepLooking();
  }

  function keepLooking(): void {
    if (!doubt.isEmpty() && !closed) lookUps.whenDue(lookAgain);
  }

  /** Looks up the name where sending has to wait for it: at first, after a pause, with too much in doubt. */
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

  return {
    send: (datagrams) =>
      inTurn(async () => {
        await findRoute();
        if (closed) throw new Error('already closed');
        await sendAgain();
        return transmit(datagrams);
      }),
    taken(datagrams) {
      if (fixed) return sink.sent(datagrams.length);
      doubt.hold(datagrams);
      keepLooking();
    },
    async close(budgetMs) {
      lookUps.cancel();
      if (!doubt.isEmpty()) await settleWithin(budgetMs, lookAgain());
      closed = true;
      lookUps.cancel();
      const count = doubt.settle(doubt.mark());
      if (count > 0 && lost) sink.dropped(count, 'sent to an address that the daemon has left');
      else if (count > 0) sink.sent(count);
      route.forget();
    },
  };
}
