import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useApp } from '../../helpers/app/app.ts';

const loopback = useApp({
  environment: {
    FRONTEND_URL: 'https://front.example,http://other.example:3000',
    BACKEND_URL: 'https://api.example:8443',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    AWS_XRAY_URL: '*4567-name.workspace.example*',
  },
});

const POST = { message: 'Qapla!', ttl: '1-day' };

const LOCAL = [
  '127.0.0.1:4567',
  '127.9.8.7',
  'localhost',
  'LOCALHOST:1',
  'localhost.:4567',
  'cruddur.localhost:4567',
  '[::1]:4567',
  '[::ffff:127.0.0.1]',
];
const FOREIGN = [
  'evil.example',
  'evil.example:4567',
  'localhost.evil.example',
  'notlocalhost',
  'front.example.evil.example',
  '127.0.0.1.evil.example',
  '10.0.0.7',
  '0.0.0.0',
  '127.1',
  '0x7f.0.0.1',
  '[::2]',
  '[::1',
  '[]',
  '[127.0.0.1]',
  'user@127.0.0.1',
  'localhost, evil.example',
  'localhost:port',
  'localhost..',
  '.localhost',
  ' ',
];

const KNOWN =
  /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\]|(?:front|other|api)\.example|(?:.+\.)?4567-name\.workspace\.example)\.?$/;

describe('on loopback', () => {
  test.each([
    ...LOCAL,
    'front.example',
    'Other.example:3000',
    'api.example',
    '4567-name.workspace.example',
    'eu.4567-name.workspace.example:443',
  ])('Host may be %s', async (host) => {
    expect((await loopback.get('/api/openapi.json').set('Host', host)).status).toBe(200);
  });

  test.each([
    ...FOREIGN,
    'evil4567-name.workspace.example',
    '4567-name.workspace.example.evil.example',
    'workspace.example',
  ])('Host may not be "%s"', async (host) => {
    const response = await loopback.get('/api/openapi.json').set('Host', host);
    expect(response.status).toBe(421);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ title: 'Misdirected Request', instance: '/api/openapi.json' });
    expect(response.body.detail).not.toContain('evil');
    expect(response.headers.traceresponse).toContain(response.body.trace_id);
    expect(loopback.reports).toEqual([]);
    await expect.poll(() => loopback.lines.map(({ level }) => level)).toEqual(['warn']);
  });

  test('a foreign Host reaches nothing: no route, no file, no side effect', async () => {
    for (const path of ['/api/message_groups', '/nothing', '/api/docs/start.js', '/rollbar/test']) {
      await loopback.get(path).set('Host', 'evil.example').expect(421);
    }
    await loopback.post('/api/activities', POST).set('Host', 'evil.example').expect(421);
    expect(loopback.reports).toEqual([]);
    const { body } = await loopback.get('/api/activities/home');
    expect(body.map(({ message }: { message: string }) => message)).not.toContain(POST.message);
  });

  test('the probes answer any Host: a load balancer sends its own', async () => {
    for (const path of ['/livez', '/readyz', '/api/health-check']) {
      await loopback.get(path).set('Host', '10.0.0.7:4567').expect(200);
    }
  });

  test('a request without Host passes: no browser sends one', async () => {
    const socket = connect(loopback.port, '127.0.0.1');
    socket.write('GET /api/openapi.json HTTP/1.0\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each([
    'http://localhost:3000',
    'http://127.0.0.1:9',
    'http://[::1]:4567',
    'https://front.example',
    'http://other.example:3000',
    'https://4567-name.workspace.example',
  ])('the Origin of a POST may be %s', async (origin) => {
    await loopback.post('/api/activities', POST).set('Origin', origin).expect(200);
  });

  test.each([
    'null',
    'https://evil.example',
    'https://localhost.evil.example',
    'file://',
    'chrome-extension://localhost',
    'http://localhost:3000, https://evil.example',
    '*',
    'localhost',
    'http://',
  ])('the Origin of a POST may not be %s', async (origin) => {
    const response = await loopback.post('/api/activities', POST).set('Origin', origin);
    expect(response.status).toBe(403);
    expect(response.body).toMatchObject({ title: 'Forbidden', instance: '/api/activities' });
    expect(loopback.reports).toEqual([]);
  });

  test('methods that change nothing take any Origin', async () => {
    await loopback.get('/api/openapi.json').set('Origin', 'https://evil.example').expect(200);
    await loopback.request('head', '/api/openapi.json').set('Origin', 'null').expect(200);
    await loopback.request('options', '/api/activities').set('Origin', 'https://evil.example').expect(204);
    await loopback.request('put', '/api/activities').set('Origin', 'https://evil.example').expect(403);
    await loopback.request('delete', '/nothing').set('Origin', 'null').expect(403);
  });

  test('any Host and Origin get a documented response', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'localhost',
        '127.0.0.1',
        '[::1]',
        'front.example',
        'evil.example',
        ':',
        '.',
        '@',
        '[',
        ']',
        '/',
        '//',
        'http',
        '%00',
      ),
      fc.string({ unit: 'binary-ascii', maxLength: 8 }),
      fc.domain(),
      fc.ipV4(),
      fc.ipV6(),
    );
    const value = fc
      .array(piece, { minLength: 1, maxLength: 6 })
      .map((pieces) => pieces.join('').replaceAll(/[^\x21-\x7e]/g, '') || 'evil.example');
    await fc.assert(
      fc.asyncProperty(value, value, async (host, origin) => {
        const { status } = await loopback.post('/api/activities', {}).set('Host', host).set('Origin', origin);
        expect([403, 421, 422]).toContain(status);
        // The names as the browser sees them.
        if (status !== 421) expect(URL.parse(`http://${host}`)?.hostname).toMatch(KNOWN);
        if (status === 422) expect(URL.parse(origin)?.hostname).toMatch(KNOWN);
      }),
      { numRuns: 100 },
    );
    expect(loopback.reports).toEqual([]);
  });
});
