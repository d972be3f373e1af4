import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange } from '../../helpers/network/raw-http.ts';
import { type FourSystems, type Story, startFourSystems } from '../../helpers/telemetry/four-systems.ts';

const PROXY = { localAddress: '127.0.0.2' };
const PATH = '/rollbar/test';
const MAX_URL_BYTES = 2048;

let systems: FourSystems;

beforeAll(async () => {
  systems = await startFourSystems({ TRUST_PROXY: '127.0.0.2, 10.0.0.0/8, 2001:db8:ffff::/48' });
});

afterAll(() => systems.close());

/** Sends a request for a route that reports a message. Resolves with its story in all four. */
function tell(headers: readonly string[], options: object = {}, target = PATH, version = '1.1') {
  const head = [`GET ${target} HTTP/${version}`, ...headers, ''].join('\r\n');
  return systems.tell(head, options);
}

/** Returns the facts that each system has, by its own fields. */
function factsOf({ span, segment, line, reports }: Story) {
  const { attributes } = span;
  const { client_ip, url = '' } = segment.http?.request ?? {};
  const [report] = reports;
  const place = /^(\w+):\/\/(\[[^\]]*\]|[^/:]*)(?::(\d+))?(\/[^?]*)/;
  const [, scheme, address, port, path] = place.exec(String(url)) ?? [];
  const reported = place.exec(String(Object(report?.request).url)) ?? [];
  const defaultPort = scheme === 'https' ? 443 : 80;
  return {
    clients: [attributes['client.address'], client_ip, line.remote_addr],
    schemes: [attributes['url.scheme'], scheme, line.scheme, ...(report ? [reported[1]] : [])],
    addresses: [
      attributes['server.address'],
      unbracket(address),
      ...(report ? [unbracket(reported[2])] : []),
    ],
    ports: [
      attributes['server.port'],
      Number(port ?? defaultPort),
      ...(report ? [Number(reported[3] ?? defaultPort)] : []),
    ],
    paths: [attributes['url.path'], path, line.full_path, ...(report ? [reported[4]] : [])].map((text) =>
      String(text).replace(/\?.*/, ''),
    ),
    peers: [attributes['network.peer.address']],
  };
}

const unbracket = (address: unknown = '') => String(address).replace(/^\[(.*)\]$/, '$1');

/** Checks that the systems agree, and returns the one value of each fact. */
function agreed(story: Story) {
  const facts = factsOf(story);
  for (const [name, values] of Object.entries(facts)) {
    expect(new Set(values).size, `${name}: ${values.join(' | ')}`).toBe(1);
  }
  return {
    client: facts.clients[0],
    scheme: facts.schemes[0],
    address: facts.addresses[0],
    port: facts.ports[0],
    path: facts.paths[0],
    peer: facts.peers[0],
  };
}

const nowInHex = () => Math.floor(Date.now() / 1000).toString(16);
const host = (value: string) => `Host: ${value}`;
const FORWARDED = [
  'Forwarded: for=198.51.100.9;host=forged.example:1;proto=https',
  'X-Forwarded-For: 198.51.100.1',
  'X-Forwarded-Host: forged.example:99',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Port: 8443',
];
const DIRECT = { client: '127.0.0.1', scheme: 'http', path: PATH, peer: '127.0.0.1' };
const API = { address: 'api.example', port: 80 };

describe.concurrent('without a proxy', () => {
  test.each([
    ['a name with a port', [host('api.example:8080')], { address: 'api.example', port: 8080 }],
    ['a name without a port', [host('api.example')], API],
    ['a name in capitals with a final dot', [host('API.Example.')], API],
    ['an empty port', [host('api.example:')], API],
    ['an IPv6 address', [host('[::1]:4567')], { address: '::1', port: 4567 }],
    ['a long IPv6 address without a port', [host('[2001:DB8:0:0::1]')], { address: '2001:db8::1', port: 80 }],
    ['a port out of range', [host('api.example:99999')], API],
    ['port 0', [host('api.example:0')], API],
    ['headers of a proxy that is none', [host('api.example'), ...FORWARDED], API],
  ])('all four agree on %s', async (_name, headers, expected) => {
    expect(agreed(await tell(headers))).toEqual({ ...DIRECT, ...expected });
  });

  test.each([
    ['junk', [host('a"b<c>d')], '1.1'],
    ['a reg-name that is no host name', [host('a%20b;c:7')], '1.1'],
    ['an IPv6 address that is none', [host('[::::]')], '1.1'],
    ['brackets without an end', [host('[::1')], '1.1'],
    ['a port that is no number', [host('api.example:NaN')], '1.1'],
    ['an empty one', [host('')], '1.1'],
    ['none', [], '1.0'],
  ])('all four agree when Host is %s', async (_name, headers, version) => {
    const story = await tell(headers, {}, PATH, version);
    const expected = { address: '127.0.0.1', port: systems.port };
    expect(agreed(story)).toEqual({ ...DIRECT, ...expected });
  });

  test.each([
    ['an absolute target', 'http://api.example:81/rollbar/test', PATH],
    ['a path that begins with two slashes', '//forged.example/x', '//forged.example/x'],
    ['a path with dots and backslashes', '/a/../b\\c', '/a/../b\\c'],
    ['a fragment', '/a#b?token=S3CR3T', '/a#b'],
  ])('all four agree on %s', async (name, target, path) => {
    const story = await tell([host('api.example:81')], {}, target);
    const facts = factsOf(story);
    expect(facts.addresses).toContain('api.example');
    expect(new Set(facts.addresses).size).toBe(1);
    expect(facts.paths[0], name).toBe(path.replace(/#.*/, ''));
    expect(JSON.stringify(story)).not.toContain('S3CR3T');
  });

  test.each([
    ['a token in the path', '/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.S3CR3T', '/reset/[redacted]'],
    ['a pair in the path', '/a;jsessionid=S3CR3T', '/a;jsessionid=[redacted]'],
    ['a user in a parameter', '/?to=postgres%3A%2F%2Fworf%3AS3CR3T%40db', '/'],
    ['a name that is encoded twice', '/?acc%2565ss_%2574oken=S3CR3T', '/'],
    ['JSON in a parameter', '/?q=%7B%22password%22%3A%22S3CR3T%22%7D', '/'],
  ])('all four redact %s', async (_name, target, path) => {
    const story = await tell([host('api.example')], {}, target);
    expect(factsOf(story).paths).toEqual([path, path, path]);
    expect(JSON.stringify(story)).not.toContain('S3CR3T');
  });

  test.each([
    ['a target of another scheme', 'GET', 'ftp://forged.example/x'],
    ['a target without a path', 'OPTIONS', '*'],
  ])('all four name the server of Host for %s', async (_name, method, target) => {
    const story = await systems.tell(`${method} ${target} HTTP/1.1\r\n${host('api.example')}\r\n`);
    expect(new Set(factsOf(story).addresses)).toEqual(new Set(['api.example']));
    expect(story.span.attributes['url.path']).toBe(target);
    expect(story.line.full_path).toBe(target);
  });

  test('an IPv6 peer has one spelling', async () => {
    const story = await tell([host('[::1]')], { host: '::1' });
    expect(agreed(story)).toEqual({ ...DIRECT, client: '::1', peer: '::1', address: '::1', port: 80 });
  });
});

test('a client that is gone before its request is read is known all the same', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => nowInHex() + String(n).padStart(24, '1'));
  for (const id of ids) {
    const socket = connect({ port: systems.port, host: '127.0.0.1' }).on('error', () => {});
    await once(socket, 'connect');
    // Until the service has accepted the connection.
    await nextTurn();
    const trace = `traceparent: 00-${id}-00f067aa0ba902b7-01`;
    socket.write(`GET ${PATH} HTTP/1.1\r\n${host('api.example')}\r\n${trace}\r\n\r\n`, () =>
      socket.resetAndDestroy(),
    );
    await once(socket, 'close');
  }
  const stories = await Promise.all(ids.map((id) => systems.story(id)));
  for (const story of stories) expect(agreed(story)).toEqual({ ...DIRECT, ...API });
});

test('the line of a request that is no HTTP has the address in the same spelling', async () => {
  await exchange(systems.port, 'no http\r\n\r\n');
  const line = systems.lines.find(({ message }) => String(message).startsWith('request refused'));
  expect(line).toMatchObject({ remote_addr: '127.0.0.1' });
});

describe.concurrent('behind a trusted proxy', () => {
  const PROXIED = { ...DIRECT, peer: '127.0.0.2', client: '198.51.100.1', ...API };

  test.each([
    [
      'the usual headers',
      FORWARDED,
      { client: '198.51.100.1', scheme: 'https', address: 'api.example', port: 443 },
    ],
    ['an address with a port', ['X-Forwarded-For: 198.51.100.1:5678'], {}],
    ['an IPv6 address with a port', ['X-Forwarded-For: [2001:db8::1]:443'], { client: '2001:db8::1' }],
    ['an IPv6 address in another spelling', ['X-Forwarded-For: 2001:DB8:0::1'], { client: '2001:db8::1' }],
    ['IPv4 inside IPv6', ['X-Forwarded-For: ::ffff:198.51.100.1'], {}],
    ['IPv4 inside IPv6, in hexadecimal', ['X-Forwarded-For: ::ffff:c633:6401'], {}],
    ['a zone of any length', [`X-Forwarded-For: fe80::1%${'e'.repeat(3000)}`], { client: 'fe80::1' }],
    ['a chain', ['X-Forwarded-For: 192.0.2.1, 198.51.100.1, 10.0.0.7'], {}],
    ['a chain with ports', ['X-Forwarded-For: 192.0.2.1, 198.51.100.1:99, 10.0.0.7:5678'], {}],
    [
      'a chain with an IPv6 proxy and port',
      ['X-Forwarded-For: 192.0.2.1, 198.51.100.1, [2001:db8:ffff::5]:80'],
      {},
    ],
    ['a chain that is trusted to its end', ['X-Forwarded-For: 10.0.0.8, 10.0.0.7:1'], { client: '10.0.0.8' }],
    ['text that is no address', ['X-Forwarded-For: unknown'], { client: '127.0.0.2' }],
    ['no X-Forwarded-For', [], { client: '127.0.0.2' }],
    [
      'a scheme in capitals',
      ['X-Forwarded-Proto: HTTPS'],
      { client: '127.0.0.2', scheme: 'https', port: 443 },
    ],
    ['a scheme that is none', ['X-Forwarded-Proto: javascript'], { client: '127.0.0.2' }],
    ['a list of schemes', ['X-Forwarded-Proto: https,http'], { client: '127.0.0.2' }],
    ['two schemes', ['X-Forwarded-Proto: https', 'X-Forwarded-Proto: http'], { client: '127.0.0.2' }],
  ])('all four agree on %s', async (_name, headers, expected) => {
    const story = await tell([host('api.example'), ...headers], PROXY);
    expect(agreed(story)).toEqual({ ...PROXIED, ...expected });
    expect(story.reports).toBeDefined();
    expect(JSON.stringify(story.span)).not.toContain('forged');
  });
});

test('whatever a caller sends, the four agree, and no text is longer than its bound', async () => {
  const junk = fc.stringMatching(/^[!-~]{0,30}$/);
  const port = fc.oneof(
    fc.constant(''),
    fc.integer({ min: 0, max: 99_999 }).map((n) => `:${n}`),
  );
  const name = fc.oneof(junk, fc.constantFrom('a.example', '[::1]', '127.0.0.1', 'h'.repeat(3000)));
  const place = fc.tuple(name, port).map((parts) => parts.join(''));
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV6().map((ip) => `[${ip}]`),
    junk,
  );
  const hop = fc.tuple(address, port).map((parts) => parts.join(''));
  const headers = fc.record(
    {
      'X-Forwarded-For': fc.array(hop, { maxLength: 4 }).map((hops) => hops.join(', ')),
      'X-Forwarded-Proto': fc.oneof(fc.constantFrom('http', 'https', 'https,http', 'ftp'), junk),
      'X-Forwarded-Host': place,
      'X-Forwarded-Port': junk,
      Forwarded: hop.map((text) => `for="${text}";host=${text};proto=https`),
      'User-Agent': fc.constantFrom('u', 'ü'.repeat(1500)),
    },
    { requiredKeys: [] },
  );
  const target = fc.constantFrom(PATH, `/${'p'.repeat(5000)}`, `${PATH}?q=${'%C3%A9'.repeat(800)}`);
  const request = fc.tuple(place, headers, target, fc.boolean());
  const property = fc.asyncProperty(fc.array(request, { minLength: 4, maxLength: 12 }), async (requests) => {
    await Promise.all(requests.map(check));
  });
  await fc.assert(property, { numRuns: 8, endOnFailure: true });
});

async function check([hostText, extra, path, proxied]: [string, object, string, boolean]): Promise<void> {
  const headers = Object.entries(extra).map(([key, value]) => `${key}: ${value}`);
  const story = await tell([host(hostText), ...headers], proxied ? PROXY : {}, path);
  const { clients, schemes, addresses, ports } = factsOf(story);
  for (const values of [clients, schemes, addresses, ports]) {
    expect(new Set(values).size, values.join(' | ')).toBe(1);
  }
  expect(ports[0]).toBeGreaterThan(0);
  for (const text of textsOf([story.spans, story.segment, story.lines, story.reports])) {
    expect(text).not.toBe('NaN');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_URL_BYTES);
  }
}

/** Returns every text in a value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
