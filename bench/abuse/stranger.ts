import http from 'node:http';

/** The message that starts the stranger. */
export interface StrangerOrder {
  readonly command: 'attack';
  /** Origin of the service. */
  readonly url: string;
  readonly seconds: number;
}

/** The number of answers per status; 0 stands for a connection that failed. */
export interface StrangerResult {
  readonly writes: Readonly<Record<number, number>>;
  readonly reads: Readonly<Record<number, number>>;
}

const POSTS = 20;
const WRITERS = 4;
const READERS = 8;
/** 1,024 code points of four bytes. */
const REPLY = '🚀'.repeat(1024);
const PAUSE_AFTER_FAILURE_MS = 100;

/** An address of its own, so that the service can tell it from the honest client. */
const agent = new http.Agent({ keepAlive: true, localAddress: '127.0.0.2' });

process.on('message', async (order: StrangerOrder | { command: 'stop' }) => {
  if (order.command === 'stop') process.exit(0);
  process.send?.(await attack(order));
});
process.send?.({});
// Nothing else keeps this process alive until its order comes.
process.channel?.ref();

/** Stores long replies and reads the feeds that hold them, both as fast as the service answers. */
async function attack({ url, seconds }: StrangerOrder): Promise<StrangerResult> {
  const end = performance.now() + seconds * 1000;
  const uuids: string[] = [];
  while (uuids.length < POSTS) {
    const { status, body } = await send(`${url}/api/activities`, { message: 'bait', ttl: '1-day' });
    if (status !== 200) throw new Error(`cannot post: ${status}`);
    uuids.push(JSON.parse(body).uuid);
  }
  const writes: Record<number, number> = {};
  const reads: Record<number, number> = {};

  async function repeat(counts: Record<number, number>, request: (turn: number) => Promise<Answer>) {
    for (let turn = 0; performance.now() < end; turn += 1) {
      const { status } = await request(turn);
      counts[status] = (counts[status] ?? 0) + 1;
      if (status === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
    }
  }

  await Promise.all([
    ...Array.from({ length: WRITERS }, (_, writer) =>
      repeat(writes, (turn) =>
        send(`${url}/api/activities/${uuids[(writer + turn) % POSTS]}/reply`, { message: REPLY }),
      ),
    ),
    ...Array.from({ length: READERS }, (_, reader) =>
      repeat(reads, () => send(`${url}/api/activities/home${reader % 2 ? '?limit=100' : ''}`)),
    ),
  ]);
  return { writes, reads };
}

interface Answer {
  readonly status: number;
  /** Of a write; the body of a read may be large and is not kept. */
  readonly body: string;
}

function send(url: string, json?: object): Promise<Answer> {
  const options = json
    ? { agent, method: 'POST', headers: { 'content-type': 'application/json' } }
    : { agent };
  return new Promise((resolve) => {
    const request = http.request(url, options, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        if (json) body += chunk;
      });
      response.on('close', () =>
        resolve({ status: response.complete ? (response.statusCode ?? 0) : 0, body }),
      );
    });
    request.on('error', () => resolve({ status: 0, body: '' }));
    request.end(json && JSON.stringify(json));
  });
}
