import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { type TestApp, useApp } from '../../helpers/app/app.ts';

const elsewhere = useApp({ environment: { HOST: '0.0.0.0' } });
const guarded = useApp({ environment: { HOST: '0.0.0.0', ALLOWED_HOSTS: 'api.example, [2001:db8::1]' } });
const both = useApp({
  environment: {
    HOST: 'LocalHost',
    ALLOWED_HOSTS: 'api.example',
    TRUST_PROXY: 'loopback',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    AWS_XRAY_URL: '*',
  },
});

const POST = { message: 'Qapla!', ttl: '1-day' };

const hostStatus = async (app: TestApp, host: string) =>
  (await app.get('/api/openapi.json').set('Host', host)).status;

describe('elsewhere', () => {
  test('any Host and Origin pass by default', async () => {
    expect(await hostStatus(elsewhere, 'anything.example')).toBe(200);
    await elsewhere.post('/api/activities', POST).set('Origin', 'https://evil.example').expect(200);
  });

  test('two Host headers are a 400: proxies differ in which one they go by', async () => {
    const socket = connect(elsewhere.port, '127.0.0.1');
    socket.end(
      'GET /api/message_groups HTTP/1.1\r\nhost: a.example\r\nHOST: b.example\r\nConnection: close\r\n\r\n',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json.*more than one Host/s);
  });

  test('ALLOWED_HOSTS guards Host, and not Origin', async () => {
    for (const host of ['api.example', 'API.example:80', '[2001:db8::1]:80', 'localhost']) {
      expect(await hostStatus(guarded, host)).toBe(200);
    }
    for (const host of ['evil.example', 'sub.api.example', '[2001:db8::2]']) {
      expect(await hostStatus(guarded, host)).toBe(421);
    }
    await guarded.get('/readyz').set('Host', '10.0.0.7').expect(200);
    const post = guarded.post('/api/activities', POST).set('Host', 'api.example');
    await post.set('Origin', 'https://evil.example').expect(200);
  });
});

describe('with ALLOWED_HOSTS on loopback', () => {
  test('its names are allowed besides the local ones', async () => {
    for (const host of ['api.example', 'localhost']) expect(await hostStatus(both, host)).toBe(200);
    await both.post('/api/activities', POST).set('Origin', 'https://api.example').expect(200);
  });

  test('a pattern without a literal name allows nothing', async () => {
    expect(await hostStatus(both, 'evil.example')).toBe(421);
  });

  test('X-Forwarded-Host is ignored even from a trusted proxy: a page can set it', async () => {
    await both
      .get('/api/openapi.json')
      .set('Host', 'evil.example')
      .set('X-Forwarded-Host', 'localhost')
      .expect(421);
    await both
      .get('/api/openapi.json')
      .set('Host', 'localhost')
      .set('X-Forwarded-Host', 'evil.example')
      .expect(200);
  });
});
