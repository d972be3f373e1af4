import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { useApp } from '../../helpers/app/app.ts';
import { until } from '../../helpers/until.ts';

const HOME = '/api/activities/home';
const SEARCH = '/api/activities/search?term=fun';
const POST = { message: 'an activity', ttl: '1-day' };

/** Long windows: a budget that is used up stays so for the test. */
const LIMITS = {
  TRUST_PROXY: 'on',
  RATE_LIMIT_READS: '3/1h',
  RATE_LIMIT_WRITES: '2/1h',
  RATE_LIMIT_SEARCH: '2/1h',
  RATE_LIMIT_ROLLBAR_TEST: '1/1h',
};

describe.each(['memory', 'database'])('with the %s store', (RATE_LIMIT_STORE) => {
  const app = useApp({ environment: { ...LIMITS, RATE_LIMIT_STORE } });
  let clients = 0;

  /** Returns the address of a client that has sent nothing yet. */
  function newClient(): string {
    clients += 1;
    return `203.0.113.${clients}`;
  }

  const get = (client: string, path = HOME) => app.get(path).set('X-Forwarded-For', client);
  const post = (client: string) => app.post('/api/activities', POST).set('X-Forwarded-For', client);

  async function statuses(
    client: string,
    count: number,
    send: (client: string) => ReturnType<typeof get> = get,
  ) {
    const answers: number[] = [];
    while (answers.length < count) answers.push((await send(client)).status);
    return answers;
  }

  test('each response tells what is left of the budget', async () => {
    const client = newClient();
    const first = await get(client).expect(200);
    expect(first.headers).toMatchObject({
      ratelimit: '"reads"; r=2; t=3600',
      'ratelimit-policy': expect.stringMatching(/^"reads"; q=3; w=3600; pk=:[\w+/=]+:$/),
    });
    expect(first.headers).not.toHaveProperty('retry-after');
    const second = await get(client);
    expect(second.headers.ratelimit).toMatch(/^"reads"; r=1; t=3(600|599)$/);
  });

  test('a connection gets at most ten refusals per second', async () => {
    const client = newClient();
    await statuses(client, 3);
    const start = performance.now();
    expect(await statuses(client, 3)).toEqual([429, 429, 429]);
    expect(performance.now() - start).toBeGreaterThan(290);
  });

  test('a request over the limit is a 429 that says when to try again', async () => {
    const client = newClient();
    expect(await statuses(client, 3)).toEqual([200, 200, 200]);
    const limited = await get(client).set('Origin', 'http://localhost:3000');
    expect(limited.status).toBe(429);
    expect(limited.type).toBe('application/problem+json');
    expect(limited.body).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: expect.stringMatching(
        /^The limit for reads is 3 requests in 3600 s per client; try again in \d+ s\.$/,
      ),
      instance: HOME,
      trace_id: String(limited.headers.traceresponse).split('-')[1],
    });
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(3590);
    expect(limited.headers.ratelimit).toMatch(/^"reads"; r=0; t=3\d{3}$/);
    expect(limited.headers['access-control-allow-origin']).toBe('http://localhost:3000');
  });

  test('it is a warning in the log, without a report', async () => {
    const client = newClient();
    await statuses(client, 4);
    await until(() => app.lines.length >= 4);
    expect(app.lines.filter(({ level }) => level !== 'info')).toEqual([
      {
        level: 'warn',
        message: `GET ${HOME} 429`,
        fields: expect.objectContaining({ status: 429, remote_addr: client }),
      },
    ]);
    expect(app.reports).toEqual([]);
  });

  test('a limited POST stores nothing', async () => {
    const client = newClient();
    const stored = () => app.database.query({ summary: 'SELECT', text: 'select 1 from activities' });
    expect(await statuses(client, 2, post)).toEqual([200, 200]);
    const before = await stored();
    expect(await statuses(client, 2, post)).toEqual([429, 429]);
    expect(await stored()).toHaveLength(before.length);
  });

  test('each budget has a counter of its own', async () => {
    const client = newClient();
    expect(await statuses(client, 4)).toEqual([200, 200, 200, 429]);
    expect(await statuses(client, 3, post)).toEqual([200, 200, 429]);
    expect(await statuses(client, 3, (address) => get(address, SEARCH))).toEqual([200, 200, 429]);
    expect(await statuses(client, 2, (address) => get(address, '/rollbar/test'))).toEqual([200, 429]);
    expect(app.reports).toHaveLength(1);
  });

  test('HEAD counts as GET does, and a path that does not exist counts as any other', async () => {
    const client = newClient();
    await app.request('head', HOME).set('X-Forwarded-For', client).expect(200);
    await app.request('head', SEARCH).set('X-Forwarded-For', client).expect(200);
    await get(client, '/api/nothing').expect(404);
    const { headers } = await get(client).expect(200);
    expect(headers.ratelimit).toMatch(/^"reads"; r=0/);
    await get(client, SEARCH).expect(200);
    await get(client, SEARCH).expect(429);
  });

  test.each(['put', 'patch', 'delete'] as const)('%s counts as a write', async (method) => {
    const { headers } = await app.request(method, '/api/activities').set('X-Forwarded-For', newClient());
    expect(headers.ratelimit).toMatch(/^"writes"; r=1/);
  });

  test('probes and preflights are exempt', async () => {
    const client = newClient();
    await statuses(client, 4);
    await statuses(client, 3, post);
    for (const probe of ['/livez', '/readyz', '/api/health-check', '/livez?full=1']) {
      const answer = await get(client, probe).expect(200);
      expect(answer.headers).not.toHaveProperty('ratelimit');
    }
    const preflight = app.request('options', '/api/activities').set('X-Forwarded-For', client);
    await preflight.set('Origin', 'http://localhost:3000').expect(204);
    await get(client).expect(429);
  });

  test.each([
    ['an IPv4 address', '198.51.100.1', '198.51.100.2', false],
    ['an IPv4 address in the form of IPv6', '198.51.100.3', '::ffff:198.51.100.3', true],
    ['an address with a port', '198.51.100.4:1000', '198.51.100.4:2000', true],
    ['an IPv6 network of 64 bits', '2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff', true],
    ['the next IPv6 network', '2001:db8:0:2::1', '2001:db8:0:3::1', false],
    ['an IPv6 address with a port', '[2001:db8:0:4::1]:1000', '2001:db8:0:4::2', true],
    ['an IPv6 address with a zone', 'fe80::1%eth0', 'fe80::2%eth1', true],
    ['a text that is no address', 'unknown', 'x'.repeat(5000), true],
  ])('%s', async (_name, one, other, isSame) => {
    expect(await statuses(one, 3)).toEqual([200, 200, 200]);
    expect((await get(other)).status).toBe(isSame ? 429 : 200);
  });

  test('parallel requests never get more than the budget', async () => {
    const client = newClient();
    const answers = await Promise.all(Array.from({ length: 12 }, () => get(client)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9);
  });

  test('a limited request is answered before its body is read', async () => {
    const client = newClient();
    await statuses(client, 2, post);
    const socket = connect(app.port, '127.0.0.1');
    socket.write(
      `POST /api/activities HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ${client}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
    );
    const [answer] = await once(socket, 'data');
    socket.destroy();
    expect(String(answer)).toMatch(/^HTTP\/1\.1 429 /);
  });
});
