import type { LookupAddress } from 'node:dns';

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

interface SearchOptions {
  readonly patienceMs: number;
  readonly limitMs: number;
  /** Returns the addresses of the last look-up that succeeded. */
  last(): LookupAddress[] | undefined;
}

/** A look-up of one name and those who wait for it. Each is answered once. */
export interface Search {
  /** Adds one who waits, and whether an old answer will do. */
  wait(mayBeOld: boolean, answer: Answer): void;
  /** Whether nobody waits any more. */
  isAbandoned(): boolean;
  /** Answers all who still wait. */
  end(error: NodeJS.ErrnoException | null, addresses: LookupAddress[]): void;
}

/** Creates a search. Its timers do not keep the process alive. */
export function createSearch(name: string, { patienceMs, limitMs, last }: SearchOptions): Search {
  const waiting = new Set<Answer>();

  return {
    wait(mayBeOld, answer) {
      let timer: NodeJS.Timeout | undefined;
      const settle: Answer = (error, addresses) => {
        clearTimeout(timer);
        waiting.delete(settle);
        answer(error, addresses);
      };
      const giveUp = () => settle(notAnswered(name, `no answer within ${limitMs} ms`), []);
      const useLast = () => {
        const addresses = mayBeOld ? last() : undefined;
        if (addresses !== undefined) settle(null, addresses);
        else timer = setTimeout(giveUp, limitMs - patienceMs).unref();
      };
      timer = setTimeout(useLast, patienceMs).unref();
      waiting.add(settle);
    },
    isAbandoned: () => waiting.size === 0,
    end(error, addresses) {
      for (const settle of [...waiting]) settle(error, addresses);
    },
  };
}

/** The error of a name that could not be looked up for the moment. */
export function notAnswered(name: string, reason: string): NodeJS.ErrnoException {
  const error = new Error(`getaddrinfo EAI_AGAIN ${name}: ${reason}`);
  return Object.assign(error, { code: 'EAI_AGAIN', syscall: 'getaddrinfo', hostname: name });
}
