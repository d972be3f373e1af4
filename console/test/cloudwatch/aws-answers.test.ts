import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';

const JSON_11 = 'application/x-amz-json-1.1';
const G = { logGroupName: 'g' };

let receivers: Receivers;
beforeAll(async () => {
  receivers = await startReceivers();
  await call('CreateLogGroup', G);
  await call('CreateLogStream', { ...G, logStreamName: 's' });
});
beforeEach(() => receivers.journal.clear());
afterAll(() => receivers.close());

interface Answer {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Unlike `fetch`, it keeps the spelling of the headers in the response. */
function post(path: string, headers: Record<string, string>, body: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request(receivers.url + path, { method: 'POST', headers }, async (response) => {
    const { statusCode: status = 0, rawHeaders } = response;
    resolve({ status, rawHeaders, body: (await response.toArray()).join('') });
  });
  outgoing.on('error', reject).end(body);
  return promise;
}

async function call(operation: string, input: unknown) {
  const headers = { 'content-type': JSON_11, 'x-amz-target': `Logs_20140328.${operation}` };
  const text = typeof input === 'string' ? input : JSON.stringify(input);
  const { status, rawHeaders, body } = await post('/', headers, text);
  return { status, rawHeaders, body: JSON.parse(body) as Record<string, unknown> };
}

describe('the id of a request', () => {
  it('is spelled as AWS spells it, in a success and in an error', async () => {
    const answers = [
      await call('DescribeLogGroups', {}),
      await call('Explode', {}),
      await call('DescribeLogStreams', { logGroupName: 'none' }),
      await post('/GetSamplingRules', {}, '{}'),
      await post('/TraceSegments', {}, '{"TraceSegmentDocuments":[]}'),
      await post('/TraceSegments', {}, '{'),
    ];
    for (const { rawHeaders } of answers) expect(rawHeaders).toContain('x-amzn-RequestId');
    expect(answers.at(-1)?.rawHeaders).toContain('x-amzn-ErrorType');
  });
});

describe('an unknown operation', () => {
  it.each<[string, Record<string, string>]>([
    ['of CloudWatch Logs', { 'content-type': JSON_11, 'x-amz-target': 'Logs_20140328.StartQuery' }],
    ['of another version', { 'content-type': JSON_11, 'x-amz-target': 'Logs_20200101.PutLogEvents' }],
    [
      'of another service',
      { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' },
    ],
    ['without a name', { 'content-type': JSON_11 }],
    [
      'without a name, signed',
      { authorization: 'AWS4-HMAC-SHA256 Credential=local/20261129/us-east-1/logs/aws4_request, x' },
    ],
  ])('is answered as by AWS: %s', async (_, headers) => {
    const { status, body, rawHeaders } = await post('/', headers, '{}');
    expect({ status, body }).toEqual({ status: 400, body: '{"__type":"UnknownOperationException"}' });
    expect(rawHeaders).toContain(JSON_11);
    expect(receivers.journal.counts().unread['cloudwatch-logs']).toBe(1);
  });
});

describe('input that AWS cannot parse', () => {
  it.each<[string, string, unknown, RegExp]>([
    ['CreateLogGroup', 'cut JSON', '{"logGroup', /./],
    [
      'CreateLogGroup',
      'a number as a name',
      { logGroupName: 5 },
      /NUMBER_VALUE can not be converted to a String/,
    ],
    [
      'CreateLogGroup',
      'a flag as a name',
      { logGroupName: true },
      /TRUE_VALUE can not be converted to a String/,
    ],
    [
      'CreateLogGroup',
      'an object as a name',
      { logGroupName: {} },
      /Start of structure or map found where not expected/,
    ],
    [
      'CreateLogGroup',
      'a list as a class',
      { logGroupName: 'x', logGroupClass: [] },
      /Start of list found where not expected/,
    ],
    ['CreateLogGroup', 'tags in a list', { logGroupName: 'x', tags: [] }, /list/],
    [
      'CreateLogGroup',
      'a number as a tag',
      { logGroupName: 'x', tags: { a: 1 } },
      /NUMBER_VALUE can not be converted to a String/,
    ],
    ['PutLogEvents', 'events in an object', { ...G, logStreamName: 's', logEvents: {} }, /structure or map/],
    [
      'PutLogEvents',
      'a string as a time',
      { ...G, logStreamName: 's', logEvents: [{ timestamp: '1', message: 'x' }] },
      /STRING_VALUE can not be converted to a Long/,
    ],
    [
      'PutLogEvents',
      'a number as a message',
      { ...G, logStreamName: 's', logEvents: [{ timestamp: 1, message: 2 }] },
      /NUMBER_VALUE can not be converted to a String/,
    ],
    ['PutLogEvents', 'a string as an event', { ...G, logStreamName: 's', logEvents: ['x'] }, /STRING_VALUE/],
    [
      'FilterLogEvents',
      'a string as a limit',
      { ...G, limit: '10' },
      /STRING_VALUE can not be converted to an Integer/,
    ],
    [
      'FilterLogEvents',
      'a string as a start',
      { ...G, startTime: '10' },
      /STRING_VALUE can not be converted to a Long/,
    ],
    ['FilterLogEvents', 'a string as streams', { ...G, logStreamNames: 's' }, /STRING_VALUE/],
    [
      'PutRetentionPolicy',
      'a string as days',
      { ...G, retentionInDays: '7' },
      /STRING_VALUE can not be converted to an Integer/,
    ],
  ])('is a SerializationException: %s with %s', async (operation, _, input, message) => {
    const { status, body } = await call(operation, input);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { __type: 'SerializationException', message: expect.stringMatching(message) },
    });
    expect(receivers.journal.counts().unread['cloudwatch-logs']).toBe(1);
  });
});

describe('a missing parameter', () => {
  it.each<[string, object, string]>([
    ['CreateLogGroup', {}, 'logGroupName'],
    ['CreateLogGroup', { logGroupName: null }, 'logGroupName'],
    ['CreateLogStream', G, 'logStreamName'],
    ['PutLogEvents', { logStreamName: 's', logEvents: [] }, 'logGroupName'],
    ['PutLogEvents', { ...G, logStreamName: 's' }, 'logEvents'],
    [
      'PutLogEvents',
      { ...G, logStreamName: 's', logEvents: [{ message: 'x' }] },
      'logEvents.1.member.timestamp',
    ],
    [
      'PutLogEvents',
      { ...G, logStreamName: 's', logEvents: [{ timestamp: 1 }] },
      'logEvents.1.member.message',
    ],
    ['PutRetentionPolicy', G, 'retentionInDays'],
    ['TagResource', { resourceArn: 'arn:aws:logs:local:000000000000:log-group:g' }, 'tags'],
  ])('is an InvalidParameterException: %s with %j', async (operation, input, name) => {
    expect(await call(operation, input)).toMatchObject({
      status: 400,
      body: {
        __type: 'InvalidParameterException',
        message: `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
      },
    });
  });

  it('counts as absent when it is null and optional', async () => {
    expect(
      (
        await call('FilterLogEvents', {
          ...G,
          nextToken: null,
          limit: null,
          filterPattern: null,
          startTime: null,
          logStreamNames: null,
        })
      ).status,
    ).toBe(200);
    expect(
      (await call('CreateLogGroup', { logGroupName: 'nulls', logGroupClass: null, tags: null })).status,
    ).toBe(200);
  });
});

describe('a log group that AWS refuses', () => {
  it.each<[string, object]>([
    ['an empty name', { logGroupName: '' }],
    ['a blank in its name', { logGroupName: 'a b' }],
    ['a name of 513 characters', { logGroupName: 'x'.repeat(513) }],
    ['a name with a newline', { logGroupName: 'a\n' }],
    ['a name beyond ASCII', { logGroupName: 'größe' }],
    ['a class that is none', { logGroupClass: 'CHEAP' }],
    ['a class of a megabyte', { logGroupClass: 'x'.repeat(1_000_000) }],
    ['an empty class', { logGroupClass: '' }],
    ['a tag without a key', { tags: { '': 'x' } }],
    ['a key of 129 characters', { tags: { ['x'.repeat(129)]: 'x' } }],
    ['a value of 257 characters', { tags: { a: 'x'.repeat(257) } }],
    ['a key with a character that is not allowed', { tags: { 'a?': 'x' } }],
    ['a value with a character that is not allowed', { tags: { a: 'x\u0000' } }],
    ['51 tags', { tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, 'x'])) }],
  ])('is not created: %s', async (_, wrong) => {
    const { status, body } = await call('CreateLogGroup', { logGroupName: 'refused', ...wrong });
    expect({ status, body }).toMatchObject({ status: 400, body: { __type: 'InvalidParameterException' } });
    expect(JSON.stringify(body).length).toBeLessThan(1000);
    const { body: list } = await call('DescribeLogGroups', { logGroupNamePrefix: 'refused' });
    expect(list).toMatchObject({ logGroups: [] });
  });

  it.each(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'])('has not the class %s', async (logGroupClass) => {
    expect(
      (await call('CreateLogGroup', { logGroupName: `class-${logGroupClass}`, logGroupClass })).status,
    ).toBe(200);
  });
});

describe('the time of a log event', () => {
  it.each([
    ['seconds', Math.floor(Date.now() / 1000)],
    ['microseconds', Date.now() * 1000],
    ['nanoseconds', Date.now() * 1_000_000],
  ])('is rejected as AWS does, and named, in %s', async (unit, timestamp) => {
    const { status, body } = await call('PutLogEvents', {
      ...G,
      logStreamName: 's',
      logEvents: [{ timestamp, message: 'x' }],
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { rejectedLogEventsInfo: expect.any(Object) },
    });
    expect(receivers.journal.unread()[0]?.reason).toContain(`in ${unit}`);
    expect(receivers.logEvents()).toEqual([]);
  });
});
