import { AsyncResource } from 'node:async_hooks';
import type dns from 'node:dns';
import type { LookupAddress, LookupAllOptions, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { createLane } from './lane.ts';
import { isLocalhost } from './localhost.ts';
import { createSearch, notAnswered, type Search } from './search.ts';

/** Names whose last address is kept, and look-ups that wait for their turn. */
const MAX_NAMES = 256;

/** The options of a look-up, and whether an earlier answer will do while the name server hangs. */
export interface GuardedLookupOptions extends LookupAllOptions {
  readonly mayBeOld?: boolean;
}

type Lookup = (
  name: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type Callback = (error: NodeJS.ErrnoException | null, address?: unknown, family?: number) => void;

export interface GuardOptions {
  /** Names that do not wait for any other name. */
  readonly first: readonly string[];
  /** Time until an earlier answer is used. Default: 1 s. */
  readonly patienceMs?: number;
  /** Time until a look-up without an earlier answer fails. Default: 5 s. */
  readonly limitMs?: number;
}

/**
 * Returns a replacement of `dns.lookup` that a name server which hangs cannot turn against the process. Each
 * look-up in progress holds one of the four threads of libuv's pool, for 10 s and longer if nobody answers,
 * and libuv lends at most two threads to look-ups. So one name at a time is looked up, and beside it one of
 * `first`, or `localhost`; calls for the same name share a look-up. A call is answered with the name's last
 * addresses after `patienceMs`, and fails after `limitMs`; the look-up itself cannot be cancelled.
 */
export function createGuardedLookup(
  lookup: typeof dns.lookup,
  { first, patienceMs = 1000, limitMs = 5000 }: GuardOptions,
): typeof dns.lookup {
  const known = new Map<string, LookupAddress[]>();
  const searches = new Map<string, Search>();
  const firstNames = new Set(first);
  const lanes = { first: createLane(MAX_NAMES), others: createLane(MAX_NAMES) };

  function start(name: string, options: LookupOptions, key: string, search: Search): void {
    searches.set(key, search);
    const lane = firstNames.has(name) || isLocalhost(name) ? lanes.first : lanes.others;
    const end = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[] = []) => {
      searches.delete(key);
      if (error === null) remember(key, addresses);
      search.end(error, addresses);
    };
    const isTaken = lane.add((done) => {
      const endTurn: typeof end = (error, addresses) => {
        try {
          end(error, addresses);
        } finally {
          done();
        }
      };
      if (search.isAbandoned()) return endTurn(null);
      try {
        (lookup as Lookup)(name, { ...options, all: true }, endTurn);
      } catch (error) {
        process.nextTick(endTurn, error);
      }
    });
    if (!isTaken) process.nextTick(end, notAnswered(name, 'too many other names wait'));
  }

  function remember(key: string, addresses: LookupAddress[]): void {
    if (addresses.length === 0) return;
    known.delete(key);
    known.set(key, addresses);
    if (known.size > MAX_NAMES) known.delete(known.keys().next().value as string);
  }

  function guarded(name: string, given: unknown, more?: Callback): unknown {
    const callback = (typeof given === 'function' ? given : more) as Callback;
    if (typeof name !== 'string' || name === '' || isIP(name) !== 0 || typeof callback !== 'function') {
      return (lookup as (...args: unknown[]) => unknown)(name, given, more);
    }
    const { all, mayBeOld = true, ...options } = toOptions(given);
    const key = JSON.stringify([
      name.toLowerCase(),
      options.family,
      options.hints,
      options.order,
      options.verbatim,
    ]);
    const running = searches.get(key);
    const search = running ?? createSearch(name, { patienceMs, limitMs, last: () => known.get(key) });
    search.wait(
      mayBeOld,
      AsyncResource.bind((error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => {
        if (error !== null) callback(error);
        else if (all) callback(null, [...addresses]);
        else callback(null, addresses[0]?.address, addresses[0]?.family);
      }),
    );
    if (running === undefined) start(name, options, key, search);
    return {};
  }
  // `util.promisify` finds the names of the results there.
  return Object.defineProperties(guarded, Object.getOwnPropertyDescriptors(lookup)) as typeof dns.lookup;
}

function toOptions(given: unknown): LookupOptions & Pick<GuardedLookupOptions, 'mayBeOld'> {
  if (typeof given === 'number') return { family: given };
  return typeof given === 'object' && given !== null ? given : {};
}
