import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, ask } from '../../helpers/network/http-client.ts';

const RATE = 200;

export interface Request {
  readonly path: string;
  readonly body?: unknown;
}

/** A request with its answer, or with the code of the error that it got instead. */
export interface Answered extends Request {
  readonly answer: Answer | string;
  /** When the answer arrived, as `performance.now()`. */
  readonly at: number;
}

/**
 * Sends 200 requests a second, evenly spread, until `work` has ended. A slow answer does not delay later
 * requests. Resolves with all answers, in the order in which they arrived.
 */
export async function steadyRequests(
  url: string,
  request: (number: number) => Request,
  work: () => Promise<unknown>,
): Promise<readonly Answered[]> {
  const agent = new Agent({ keepAlive: true });
  const answered: Answered[] = [];
  const pending: Promise<void>[] = [];
  let done = false;
  const send = async (sent: Request) => {
    const answer = await ask(`${url}${sent.path}`, { body: sent.body, agent }).catch(
      ({ code, message }) => code ?? message,
    );
    answered.push({ ...sent, answer, at: performance.now() });
  };
  const working = work().finally(() => {
    done = true;
  });
  const start = performance.now();
  while (!done) {
    const due = ((performance.now() - start) / 1000) * RATE;
    while (pending.length < due) pending.push(send(request(pending.length)));
    await sleep(2);
  }
  await working;
  await Promise.all(pending);
  agent.destroy();
  return answered;
}

/** Counts the answers per status, or error. */
export function countStatuses(answered: readonly Answered[]): Readonly<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const { answer } of answered) {
    const status = typeof answer === 'string' ? answer : answer.status;
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}

/** Tells whether the answer is a 200, or a 503 with a trace id. */
export function isUnharmed({ answer }: Answered): boolean {
  if (typeof answer === 'string') return false;
  return answer.status === 200 || (answer.status === 503 && /"trace_id":"[\da-f]{32}"/.test(answer.body));
}
