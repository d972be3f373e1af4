import { isIP } from 'node:net';
import { notAnswered } from '../../../lib/names/search.ts';
import { settleWithin } from '../../../lib/with-timeout.ts';
import { withoutTracing } from '../../suppress-tracing.ts';
import type { LookUp } from './names.ts';

/** The longest that a look-up is waited for. */
const LIMIT_MS = 2_000;
/** Time until a look-up that failed is repeated. */
const RETRY_MS = 5_000;

/** The look-ups of one name. */
export interface LookUps {
  /** Whether the time between two look-ups has passed. */
  isDue(): boolean;
  /** Resolves with the addresses, or with the error; at the latest after 2 s. */
  find(): Promise<readonly string[] | Error>;
  /** Calls `work` once, when the next look-up is due. Does not keep the process alive. */
  whenDue(work: () => void): void;
  /** Cancels the call. */
  cancel(): void;
}

/** Creates the look-ups of a host every `everyMs`. An address is returned as it is. */
export function createLookUps(host: string, lookUp: LookUp, everyMs: number): LookUps {
  let dueAt = 0;
  let timer: NodeJS.Timeout | undefined;

  async function find(): Promise<readonly string[]> {
    if (isIP(host) !== 0) return [host];
    const work = lookUp(host);
    if (await settleWithin(LIMIT_MS, work, { ref: false })) return work;
    throw notAnswered(host, `no answer within ${LIMIT_MS} ms`);
  }

  return {
    isDue: () => performance.now() >= dueAt,
    async find() {
      const found = await find().catch((error: Error) => error);
      const pauseMs = found instanceof Error ? Math.min(RETRY_MS, everyMs) : everyMs;
      dueAt = performance.now() + pauseMs;
      return found;
    },
    whenDue(work) {
      timer ??= withoutTracing(() =>
        setTimeout(
          () => {
            timer = undefined;
            work();
          },
          Math.max(0, dueAt - performance.now()),
        ).unref(),
      );
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
