import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, TELEMETRY } from '../../helpers/app/service.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const VALID = `00-${ID}-${PARENT}-01`;

type Lines = readonly (readonly [name: string, value: string])[];

/** The trace headers of one request that the service sent. */
interface Sent {
  readonly traceparent: string[];
  readonly tracestate: string[];
}

/**
 * The cases of W3C's validation suite for a service that continues traces in its own requests, by Level 2.
 * https://github.com/w3c/trace-context/tree/main/test
 */
describe('a service built on telemetry.ts', () => {
  const startNode = useNodeProcesses();
  const target = createServer((request, response) => {
    const { traceparent = [], tracestate = [] } = request.headersDistinct;
    response.end(JSON.stringify({ traceparent, tracestate } satisfies Sent));
  }).listen(0, '127.0.0.1');
  let port: number;

  beforeAll(async () => {
    if (!target.listening) await once(target, 'listening');
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const fixture = join(ROOT, 'test/fixtures/forwarding-service.ts');
    const service = startNode([`--import=${TELEMETRY}`, fixture, url], {
      cwd: tmpdir(),
      environment: {
        // Nothing listens there, and nothing has to arrive.
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
        DATABASE_URL: 'postgres://127.0.0.1:1/none',
      },
    });
    port = Number((await service.printed(/listening at (\d+)/))[1]);
  });
  afterAll(() => {
    target.close();
    target.closeAllConnections();
  });

  /** Sends header lines as they are. Resolves with what the service's own requests carry. */
  async function pass(lines: Lines, count = 1): Promise<Sent[]> {
    const headers = [...lines, ['host', 'service']].flat();
    const request = httpRequest({ port, host: '127.0.0.1', path: `/?count=${count}`, headers, agent: false });
    const [response] = await once(request.end(), 'response');
    return (await json(response)) as Sent[];
  }

  /** Passes on one request. Resolves with the parts of its headers, which must be valid. */
  async function passOne(...lines: Lines) {
    const [sent] = await pass(lines);
    const { traceparent = [], tracestate = [] } = sent ?? {};
    expect(traceparent).toEqual([
      expect.stringMatching(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[01]$/),
    ]);
    expect(tracestate.length).toBeLessThanOrEqual(1);
    const [, traceId, spanId] = traceparent[0]?.split('-') ?? [];
    return { traceId, spanId, tracestate: tracestate[0] };
  }

  it.each<[string, Lines]>([
    ['a traceparent', [['traceparent', VALID]]],
    ['a traceparent that is not sampled', [['traceparent', `00-${ID}-${PARENT}-00`]]],
    ['unknown flags', [['traceparent', `00-${ID}-${PARENT}-ff`]]],
    ['a name in other cases', [['TraceParent', VALID]]],
    ['a name in mixed case', [['TrAcEpArEnT', VALID]]],
    ['a name in upper case', [['TRACEPARENT', VALID]]],
    ['a higher version', [['traceparent', `cc-${ID}-${PARENT}-01`]]],
    ['a higher version with more', [['traceparent', `cc-${ID}-${PARENT}-01-what-comes-later`]]],
    ['a space before', [['traceparent', ` ${VALID}`]]],
    ['a tab before', [['traceparent', `\t${VALID}`]]],
    ['a space after', [['traceparent', `${VALID} `]]],
    ['a tab after', [['traceparent', `${VALID}\t`]]],
    ['blanks on both sides', [['traceparent', `\t ${VALID} \t`]]],
  ])('continues the trace of %s', async (_what, lines) => {
    const { traceId, spanId } = await passOne(...lines);
    expect(traceId).toBe(ID);
    expect(spanId).not.toBe(PARENT);
  });

  it.each<[string, Lines]>([
    ['no header', []],
    [
      'two lines',
      [
        ['traceparent', VALID],
        ['traceparent', `00-${ID.replace('0', '1')}-${PARENT}-01`],
      ],
    ],
    [
      'the same line twice',
      [
        ['traceparent', VALID],
        ['traceparent', VALID],
      ],
    ],
    ['a hyphen in the name', [['trace-parent', VALID]]],
    ['a dot in the name', [['trace.parent', VALID]]],
    ['more after version 00', [['traceparent', `${VALID}.`]]],
    ['more after version 00 and a hyphen', [['traceparent', `${VALID}-what-comes-later`]]],
    ['more after a higher version without a hyphen', [['traceparent', `cc-${ID}-${PARENT}-01.later`]]],
    ['version ff', [['traceparent', `ff-${ID}-${PARENT}-01`]]],
    ['a version that is not hex', [['traceparent', `.0-${ID}-${PARENT}-01`]]],
    ['a version that ends with no hex digit', [['traceparent', `0.-${ID}-${PARENT}-01`]]],
    ['a version of three digits', [['traceparent', `000-${ID}-${PARENT}-01`]]],
    ['a version of four digits', [['traceparent', `0000-${ID}-${PARENT}-01`]]],
    ['a version of one digit', [['traceparent', `0-${ID}-${PARENT}-01`]]],
    ['a trace id of zeros', [['traceparent', `00-${'0'.repeat(32)}-${PARENT}-01`]]],
    ['a trace id that is not hex', [['traceparent', `00-.${ID.slice(1)}-${PARENT}-01`]]],
    ['a trace id that ends with no hex digit', [['traceparent', `00-${ID.slice(1)}.-${PARENT}-01`]]],
    ['a trace id in upper case', [['traceparent', `00-${ID.toUpperCase()}-${PARENT}-01`]]],
    ['a trace id of 33 digits', [['traceparent', `00-${ID}3-${PARENT}-01`]]],
    ['a trace id of 31 digits', [['traceparent', `00-${ID.slice(1)}-${PARENT}-01`]]],
    ['a parent of zeros', [['traceparent', `00-${ID}-${'0'.repeat(16)}-01`]]],
    ['a parent that is not hex', [['traceparent', `00-${ID}-.${PARENT.slice(1)}-01`]]],
    ['a parent that ends with no hex digit', [['traceparent', `00-${ID}-${PARENT.slice(1)}.-01`]]],
    ['a parent of 17 digits', [['traceparent', `00-${ID}-${PARENT}1-01`]]],
    ['a parent of 15 digits', [['traceparent', `00-${ID}-${PARENT.slice(1)}-01`]]],
    ['flags that are not hex', [['traceparent', `00-${ID}-${PARENT}-.0`]]],
    ['flags that end with no hex digit', [['traceparent', `00-${ID}-${PARENT}-0.`]]],
    ['flags of three digits', [['traceparent', `00-${ID}-${PARENT}-001`]]],
    ['flags of one digit', [['traceparent', `00-${ID}-${PARENT}-1`]]],
  ])('starts a new trace for %s, and drops its tracestate', async (_what, lines) => {
    const { traceId, tracestate } = await passOne(...lines, ['tracestate', 'foo=1,bar=2']);
    expect(JSON.stringify(lines)).not.toContain(traceId);
    expect(tracestate).toBeUndefined();
  });

  const longList = Array.from({ length: 32 }, (_, n) => `bar${n}=`.padEnd(250, 'v'));
  const members = Array.from({ length: 33 }, (_, n) => `bar${n}=${n}`);
  const key = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/';
  const value =
    ' !"#$%&\'()*+-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~';

  it.each<[string, readonly string[], string]>([
    ['two members', ['foo=1,bar=2'], 'foo=1,bar=2'],
    ['an empty line after it', ['foo=1', ''], 'foo=1'],
    ['an empty line before it', ['', 'foo=1'], 'foo=1'],
    ['three lines', ['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'], 'foo=1,bar=2,rojo=1,congo=2,baz=3'],
    ['a key twice', ['foo=1,foo=1'], 'foo=1,foo=1'],
    ['a key twice with two values', ['foo=1', 'foo=2'], 'foo=1,foo=2'],
    ['all characters', [`${key}=${value}`], `${key}=${value}`],
    ['all characters and an @', [`${key}@a-z0-9_-*/=${value}`], `${key}@a-z0-9_-*/=${value}`],
    ['spaces and tabs', ['foo=1 \t , \t bar=2, \t baz=3'], 'foo=1,bar=2,baz=3'],
    ['tabs and spaces', ['foo=1\t \t,\t \tbar=2,\t \tbaz=3'], 'foo=1,bar=2,baz=3'],
    ['blanks on both sides', ['\t foo=1 \t'], 'foo=1'],
    ['an @ at the end of a key', ['foo@=1,bar=2'], 'foo@=1,bar=2'],
    ['two @ in a row', ['foo@@bar=1,bar=2'], 'foo@@bar=1,bar=2'],
    ['two @ apart', ['foo@bar@baz=1,bar=2'], 'foo@bar@baz=1,bar=2'],
    [
      '32 members on four lines',
      [0, 10, 20, 30].map((at) => members.slice(at, Math.min(at + 10, 32)).join()),
      members.slice(0, 32).join(),
    ],
    ['32 long members', [longList.slice(0, 16).join(), longList.slice(16).join()], longList.join()],
    ['a key of 256', ['foo=1', `${'z'.repeat(256)}=1`], `foo=1,${'z'.repeat(256)}=1`],
    ['a tenant of 242', ['foo=1', `${'t'.repeat(242)}@v=1`], `foo=1,${'t'.repeat(242)}@v=1`],
    ['a vendor of 15', ['foo=1', `t@${'v'.repeat(15)}=1`], `foo=1,t@${'v'.repeat(15)}=1`],
  ])('passes on a tracestate with %s', async (_what, lines, passedOn) => {
    const state = lines.map((line) => ['tracestate', line] as const);
    const { traceId, tracestate } = await passOne(['traceparent', VALID], ...state);
    expect(traceId).toBe(ID);
    expect(tracestate).toBe(passedOn);
  });

  it.each<[string, readonly string[]]>([
    ['nothing in it', ['']],
    ['a space in a key', ['foo =1']],
    ['a key in upper case', ['FOO=1']],
    ['a dot in a key', ['foo.bar=1']],
    ['an @ at the start of a key', ['@foo=1,bar=2']],
    ['33 members on two lines', [members.slice(0, 20).join(), members.slice(20).join()]],
    ['a key of 257', ['foo=1', `${'z'.repeat(257)}=1`]],
    ['a second =', ['foo=bar=baz']],
    ['an empty value', ['foo=,bar=3']],
  ])('drops a tracestate with %s, and continues the trace', async (_what, lines) => {
    const state = lines.map((line) => ['tracestate', line] as const);
    const { traceId, tracestate } = await passOne(['traceparent', VALID], ...state);
    expect(traceId).toBe(ID);
    expect(tracestate).toBeUndefined();
  });

  it.each<[string, string, string | undefined]>([
    ['in other cases is read', 'TraceState', 'foo=1'],
    ['in upper case is read', 'TRACESTATE', 'foo=1'],
    ['with a hyphen is not', 'trace-state', undefined],
    ['with a dot is not', 'trace.state', undefined],
  ])('the name of tracestate %s', async (_what, name, passedOn) => {
    const { tracestate } = await passOne(['traceparent', VALID], [name, 'foo=1']);
    expect(tracestate).toBe(passedOn);
  });

  it.each<[string, Lines, boolean]>([
    ["of a caller's trace continue it", [['traceparent', VALID]], true],
    ['of a new trace share it', [], false],
    [
      'after a trace id of zeros share a new one',
      [['traceparent', `00-${'0'.repeat(32)}-${PARENT}-01`]],
      false,
    ],
  ])('three requests %s, each from a span of its own', async (_what, lines, continues) => {
    const parts = (await pass(lines, 3)).map(({ traceparent }) => String(traceparent).split('-'));
    const traceIds = new Set(parts.map(([, traceId]) => traceId));
    expect(traceIds.size).toBe(1);
    expect(traceIds.has(ID)).toBe(continues);
    expect(traceIds.has('0'.repeat(32))).toBe(false);
    expect(new Set(parts.map(([, , spanId]) => spanId)).size).toBe(3);
  });
});
