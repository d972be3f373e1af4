import { deflateSync, gzipSync } from 'node:zlib';
import { fastBrotli } from '../helpers/fast-brotli.ts';

const MB = 1024 * 1024;
const OTLP_JSON = { path: '/v1/traces', headers: { 'content-type': 'application/json' } };
const OTLP_PROTOBUF = { path: '/v1/traces', headers: { 'content-type': 'application/x-protobuf' } };
const ROLLBAR = { path: '/api/1/item/', headers: { 'x-rollbar-access-token': 'token' } };

interface OversizedBody {
  readonly what: string;
  readonly to: { readonly path: string; readonly headers: Readonly<Record<string, string>> };
  readonly body: Buffer;
  readonly encoding?: string;
  /** The status of the response. */
  readonly status: number;
  readonly reason: RegExp;
}

/** Returns bodies that would take far more memory, or stack, than bytes on the wire. */
export function oversizedBodies(): OversizedBody[] {
  const spans = filled('{"resourceSpans":[{"scopeSpans":[{"spans":[', '{},', ']}]}]}');
  const protobufSpans = field(0x0a, field(0x12, Buffer.alloc(20 * MB - 100, '\x12\0')));
  const lists = filled('{"data":{"body":[', '[],', ']}}');
  const zeros = Buffer.alloc(64 * MB);
  const tooMany = { status: 413, reason: /^more than 1000000 values$/ };
  const tooLarge = { status: 413, reason: /^the body is larger than / };
  return [
    { what: 'millions of spans', to: OTLP_JSON, encoding: 'gzip', body: gzipSync(spans), ...tooMany },
    {
      what: 'the same in protobuf',
      to: OTLP_PROTOBUF,
      encoding: 'gzip',
      body: gzipSync(protobufSpans),
      ...tooMany,
    },
    { what: 'millions of lists', to: ROLLBAR, encoding: 'gzip', body: gzipSync(lists), ...tooMany },
    {
      what: 'a resource that many spans share',
      to: OTLP_JSON,
      body: sharedResource(),
      status: 413,
      reason: /^resources and scopes/,
    },
    {
      what: 'protobuf without a bottom',
      to: OTLP_PROTOBUF,
      body: deepAttribute(),
      status: 400,
      reason: /maximum nesting depth/,
    },
    {
      what: 'JSON without a bottom',
      to: OTLP_JSON,
      body: Buffer.from(`${'['.repeat(400_000)}${']'.repeat(400_000)}`),
      status: 400,
      reason: /^nested deeper /,
    },
    { what: 'zeros in deflate', to: OTLP_JSON, encoding: 'deflate', body: deflateSync(zeros), ...tooLarge },
    { what: 'zeros in brotli', to: OTLP_JSON, encoding: 'br', body: fastBrotli(zeros), ...tooLarge },
    {
      what: 'gzip in gzip',
      to: OTLP_JSON,
      encoding: 'gzip',
      body: gzipSync(gzipSync(spans)),
      status: 400,
      reason: /^not JSON/,
    },
    {
      what: 'gzip in gzip that says so',
      to: OTLP_JSON,
      encoding: 'gzip, gzip',
      body: gzipSync(gzipSync(spans)),
      status: 415,
      reason: /gzip, gzip/,
    },
  ];
}

/** Returns 20 MB less 100 bytes: `before`, then many times `unit`, then `after`. */
function filled(before: string, unit: string, after: string): Buffer {
  const room = 20 * MB - 100 - before.length - after.length;
  return Buffer.from(`${before}${unit.repeat(room / unit.length)}${unit.replace(/,$/, '')}${after}`);
}

function sharedResource(): Buffer {
  const attributes = [{ key: 'a', value: { stringValue: 'x'.repeat(MB) } }];
  return Buffer.from(
    JSON.stringify({
      resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: Array(1000).fill({}) }] }],
    }),
  );
}

/** Returns a resource whose attribute is a key-value list in a key-value list, and so on. */
function deepAttribute(): Buffer {
  let value: Buffer = Buffer.alloc(0);
  for (let level = 0; level < 2000; level++) value = field(0x32, field(0x0a, field(0x12, value)));
  return field(0x0a, field(0x0a, field(0x0a, field(0x12, value))));
}

/** Encodes a protobuf field of bytes with its tag. */
function field(tag: number, bytes: Buffer): Buffer {
  const length = [0, 7, 14, 21].map((shift) => ((bytes.length >> shift) & 127) | (shift < 21 ? 128 : 0));
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
}
