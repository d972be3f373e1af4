import type { RateLimit } from '../../config/variables/values.ts';
import type { CountRequest } from './count.ts';
import { createRecentMap } from './recent-map.ts';

/**
 * Clients per generation (`recent-map.ts`), so at most twice as many per budget. A client's count is
 * forgotten early only when 25,000 other addresses send requests between two of its own. An attacker with so
 * many addresses gains less from that than from the budgets of those addresses.
 */
const CLIENTS = 25_000;

interface Window {
  hits: number;
  readonly endsAt: number;
}

/** Creates a counter in the memory of this process. It uses a clock that nobody can set back. */
export function createMemoryCounter({ windowMs }: RateLimit, clients = CLIENTS): CountRequest {
  const windows = createRecentMap<Window>(clients);
  return async (client) => {
    const now = performance.now();
    let window = windows.get(client);
    if (window === undefined || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + windowMs };
      windows.set(client, window);
    }
    window.hits += 1;
    return { hits: window.hits, resetsInMs: window.endsAt - now };
  };
}
