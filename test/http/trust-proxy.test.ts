import { expect, test } from 'vitest';
import { useApp } from '../helpers/app/app.ts';
import { until } from '../helpers/until.ts';

const direct = useApp();
const proxied = useApp({ environment: { TRUST_PROXY: '1' } });

test.each([
  ['is not believed', direct, { remote_addr: '127.0.0.1', scheme: 'http' }],
  ['is believed behind a proxy that is trusted', proxied, { remote_addr: '203.0.113.7', scheme: 'https' }],
])('what a request says of its origin %s', async (_name, app, expected) => {
  await app
    .get('/api/nothing')
    .set('X-Forwarded-For', '198.51.100.1, 203.0.113.7')
    .set('X-Forwarded-Proto', 'https');
  const line = await until(() => app.lines.find(({ message }) => message.startsWith('GET /api/nothing')));
  expect(line?.fields).toMatchObject(expected);
});
