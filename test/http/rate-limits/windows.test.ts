import { describe, expect, test } from 'vitest';
import { useApp } from '../../helpers/app/app.ts';
import { until } from '../../helpers/until.ts';

const HOME = '/api/activities/home';

describe.each(['memory', 'database'])('with the %s store', (RATE_LIMIT_STORE) => {
  const app = useApp({
    environment: { RATE_LIMIT_READS: '1/1s', RATE_LIMIT_WRITES: 'off', RATE_LIMIT_STORE },
  });

  test('a budget is whole again after its window', async () => {
    const limited = await until(async () => {
      const answer = await app.get(HOME);
      return answer.status === 429 && answer;
    });
    expect(limited.headers['retry-after']).toBe('1');
    await until(async () => (await app.get(HOME)).status === 200);
  });

  test('a forwarded address does not count unless a proxy is trusted', async () => {
    let client = 0;
    await until(async () => {
      client += 1;
      return (await app.get(HOME).set('X-Forwarded-For', `203.0.113.${client}`)).status === 429;
    });
  });

  test('a budget that is off has no limit and no headers', async () => {
    const answer = await app.post('/api/activities', { message: 'an activity', ttl: '1-day' });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('ratelimit');
  });
});

describe('by default', () => {
  const app = useApp({
    environment: {
      RATE_LIMIT_READS: '',
      RATE_LIMIT_WRITES: '',
      RATE_LIMIT_SEARCH: '',
      RATE_LIMIT_ROLLBAR_TEST: '',
    },
  });

  test.each([
    [HOME, '"reads"; r=999; t=10'],
    ['/api/activities/search?term=a', '"search"; r=299; t=60'],
    ['/rollbar/test', '"rollbar-test"; r=59; t=60'],
  ])('%s has the budget %s', async (path, budget) => {
    expect((await app.get(path)).headers.ratelimit).toBe(budget);
  });

  test('writes have a budget', async () => {
    expect((await app.post('/api/messages', {})).headers.ratelimit).toBe('"writes"; r=299; t=60');
  });
});
