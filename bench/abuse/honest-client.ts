import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, ask } from '../../test/helpers/network/http-client.ts';

const READS_PER_SECOND = 20;
const READS_PER_POST = 40;
/** Longer than any answer that a person would wait for. */
const PATIENCE_MS = 10_000;

/** What an honest client saw. */
export interface Experience {
  /** Of each read in ms; one that fails or takes longer counts as `PATIENCE_MS`. */
  readonly latencies: readonly number[];
  readonly serverErrors: number;
  /** Other statuses than 200, failed connections, and requests without an answer in `PATIENCE_MS`. */
  readonly otherFailures: number;
}

/** Reads the home feed 20 times per second, and posts every 2 s. A slow response delays no later request. */
export async function browse(url: string, seconds: number): Promise<Experience> {
  const reads: Promise<Answer | undefined>[] = [];
  const posts: Promise<Answer | undefined>[] = [];
  const start = performance.now();
  while (reads.length < READS_PER_SECOND * seconds) {
    const due = Math.floor(((performance.now() - start) / 1000) * READS_PER_SECOND);
    while (reads.length <= due) reads.push(patiently(ask(`${url}/api/activities/home`)));
    if (posts.length < due / READS_PER_POST) {
      const body = { message: 'The weather is fine', ttl: '1-day' };
      posts.push(patiently(ask(`${url}/api/activities`, { body })));
    }
    await sleep(5);
  }
  const answers = await Promise.all(reads);
  const all = [...answers, ...(await Promise.all(posts))];
  const serverErrors = all.filter((answer) => answer !== undefined && answer.status >= 500).length;
  return {
    latencies: answers.map((answer) => (answer?.status === 200 ? answer.durationMs : PATIENCE_MS)),
    serverErrors,
    otherFailures: all.filter((answer) => answer?.status !== 200).length - serverErrors,
  };
}

/** Resolves with undefined when the request fails or takes too long. */
function patiently(answer: Promise<Answer>): Promise<Answer | undefined> {
  return Promise.race([answer.catch(() => undefined), sleep(PATIENCE_MS, undefined, { ref: false })]);
}
