import { expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';
import { until } from '../helpers/until.ts';

const direct = useApp();
const proxied = useApp({ environment: { TRUST_PROXY: '1' } });

test.each([
  ['ignored by default', direct, { remote_addr: '127.0.0.1', scheme: 'http' }],
  ['used behind a trusted proxy', proxied, { remote_addr: '203.0.113.7', scheme: 'https' }],
])('forwarding headers are %s', async (_name, app, expected) => {
  await app
    .get('/api/nothing')
    .set('X-Forwarded-For', '198.51.100.1, 203.0.113.7')
    .set('X-Forwarded-Proto', 'https');
  const line = await until(() => app.lines.find(({ message }) => message.startsWith('GET /api/nothing')));
  expect(line?.fields).toMatchObject(expected);
});
