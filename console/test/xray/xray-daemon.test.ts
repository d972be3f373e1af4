import { createSocket } from 'node:dgram';
import { createRequire } from 'node:module';
import AWSXRay from 'aws-xray-sdk-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_RULE, type SamplingRule } from '../../src/xray/sampling-rule.ts';
import { createXraySampling, type XraySampling } from '../../src/xray/xray-sampling.ts';
import { type Receivers, startReceivers } from '../helpers/receivers.ts';
import { until } from '../helpers/until.ts';

interface Target {
  quota: number;
  rate: number;
  TTL: number;
  interval: number;
}

interface ServiceConnector {
  fetchTargets(
    rules: readonly object[],
    callback: (error: unknown, targets: Record<string, Target>, freshness: number) => void,
  ): void;
}

interface ClientRule {
  getName(): string;
  getRate(): number;
  incrementRequestCount(): void;
}

const require = createRequire(import.meta.url);
const sampling = 'aws-xray-sdk-core/dist/lib/middleware/sampling';
const rulePoller: { start(): void; poller: NodeJS.Timeout } = require(`${sampling}/rule_poller`);
const ruleCache: { getRules(): ClientRule[] } = require(`${sampling}/rule_cache`);
const connector: ServiceConnector = require(`${sampling}/service_connector`);

const SEEDED: SamplingRule = {
  ...DEFAULT_RULE,
  RuleName: 'Cruddur',
  FixedRate: 0.1,
  ReservoirSize: 5,
  Priority: 9000,
};

AWSXRay.enableManualMode();

let receivers: Receivers;
let rules: XraySampling;
beforeEach(async () => {
  rules = createXraySampling([SEEDED]);
  receivers = await startReceivers({ sampling: rules });
  AWSXRay.setDaemonAddress(daemon());
});
afterEach(() => receivers.close());

function daemon(): string {
  return receivers.variables.AWS_XRAY_DAEMON_ADDRESS ?? '';
}

function ask(path: string, body: unknown): Promise<Response> {
  return fetch(`http://${daemon()}${path}`, { method: 'POST', body: JSON.stringify(body) });
}

async function send(...datagrams: (string | Uint8Array)[]): Promise<void> {
  const socket = createSocket('udp4');
  const port = Number(daemon().split(':')[1]);
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve));
  }
  socket.close();
}

describe('a segment of the X-Ray SDK', () => {
  it('arrives with its subsegments, annotations and metadata', async () => {
    const segment = new AWSXRay.Segment('backend-express', '1-58406520-a006649127e371903a2de979');
    const subsegment = segment.addNewSubsegment('home-activities');
    subsegment.addAnnotation('app_result_length', 3);
    subsegment.addMetadata('now', '2026-01-01', 'cruddur');
    subsegment.addError(new Error('boom'));
    subsegment.close();
    segment.close();

    await until(() => receivers.segments().length === 1);
    expect(receivers.segments()[0]).toMatchObject({
      name: 'backend-express',
      trace_id: '1-58406520-a006649127e371903a2de979',
      subsegments: [
        {
          name: 'home-activities',
          fault: true,
          annotations: { app_result_length: 3 },
          metadata: { cruddur: { now: '2026-01-01' } },
        },
      ],
    });
    expect(receivers.journal.byTrace('58406520a006649127e371903a2de979')).toHaveLength(1);
  });

  it('is one tree again when its subsegments were streamed in parts', async () => {
    const segment = new AWSXRay.Segment('large');
    const parts = Array.from({ length: 150 }, (_, i) => segment.addNewSubsegment(`part-${i}`));
    for (const part of parts) part.close();
    segment.close();

    await until(() => receivers.segments()[0]?.subsegments?.length === 150);
    expect(receivers.segments()).toHaveLength(1);
    expect(receivers.journal.entries().length).toBeGreaterThan(1);
  });

  it('is one segment when it was sent in progress and again when complete', async () => {
    const segment = new AWSXRay.Segment('slow');
    segment.flush();
    segment.close();

    await until(() => receivers.journal.entries().length === 2);
    expect(receivers.segments()).toMatchObject([{ name: 'slow', end_time: expect.any(Number) }]);
  });
});

describe('a datagram', () => {
  it('may be as large as UDP allows', async () => {
    const header = '{"format":"json","version":1}\n';
    const segment = {
      id: '70de5b6f19ff9a0a',
      name: 'large',
      trace_id: '1-58406520-a006649127e371903a2de979',
      start_time: 1,
      metadata: { cruddur: { text: '' } },
    };
    const rest = 65_507 - Buffer.byteLength(header + JSON.stringify(segment));
    segment.metadata.cruddur.text = 'x'.repeat(rest);
    await send(header + JSON.stringify(segment));

    await until(() => receivers.segments().length === 1);
    expect(receivers.segments()).toEqual([segment]);
  });
});

describe('the header of a datagram', () => {
  it.each([
    ['spaces', '{"format": "json", "version": 1}\n'],
    ['the format in capitals', '{"format":"JSON","version":1}\n'],
    ['the end of a line of Windows', '{"format":"json","version":1}\r\n'],
  ])('may be written with %s', async (_, header) => {
    const segment = {
      id: '70de5b6f19ff9a0a',
      name: 'x',
      trace_id: '1-58406520-a006649127e371903a2de979',
      start_time: 1,
    };
    await send(header + JSON.stringify(segment, null, 2));

    await until(() => receivers.segments().length === 1);
    expect(receivers.segments()).toEqual([segment]);
  });
});

describe('datagrams that are not segments', () => {
  const header = '{"format":"json","version":1}\n';
  const segment = {
    id: '70de5b6f19ff9a0a',
    name: 'x',
    trace_id: '1-58406520-a006649127e371903a2de979',
    start_time: 1,
  };
  it.each([
    ['no header', JSON.stringify(segment)],
    ['another version', `{"format":"json","version":2}\n${JSON.stringify(segment)}`],
    ['another format', `{"format":"text","version":1}\n${JSON.stringify(segment)}`],
    ['cut off', `${header}${JSON.stringify(segment).slice(0, -1)}`],
    ['nothing after the header', header],
    ['null', `${header}null`],
    ['no id', `${header}${JSON.stringify({ ...segment, id: undefined })}`],
    ['no trace', `${header}${JSON.stringify({ ...segment, trace_id: '1-2-3' })}`],
    ['no time', `${header}${JSON.stringify({ ...segment, start_time: 'now' })}`],
    ['nested too deep', `${header}{"metadata":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
    ['empty', ''],
  ])('are counted as unreadable: %s', async (_, datagram) => {
    await send(datagram, `${header}${JSON.stringify(segment)}`);

    await until(() => receivers.segments().length === 1);
    expect(receivers.journal.unread()).toMatchObject([{ protocol: 'xray', reason: expect.any(String) }]);
  });

  it('never end the process, whatever their content', async () => {
    const datagram = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.json().map((json) => `${header}${json}`),
      fc.json().map((json) => `${header}${JSON.stringify({ ...segment, subsegments: JSON.parse(json) })}`),
    );
    await fc.assert(
      fc.asyncProperty(datagram, (content) => send(content)),
      { numRuns: 100 },
    );
    await send(`${header}${JSON.stringify({ ...segment, name: 'last' })}`);

    await until(() => receivers.segments().some(({ name }) => name === 'last'));
  });
});

describe('central sampling', () => {
  it("sends the rules and the quota to the SDK's pollers", async () => {
    rulePoller.start();
    clearInterval(rulePoller.poller);
    const rule = await until(() => ruleCache.getRules().find((found) => found.getName() === 'Cruddur'));
    expect(rule.getRate()).toBe(0.1);

    rule.incrementRequestCount();
    const targets = await new Promise<Record<string, Target>>((resolve, reject) => {
      connector.fetchTargets([rule], (error, found) => (error ? reject(error) : resolve(found)));
    });
    expect(targets.Cruddur).toMatchObject({ quota: 5, rate: 0.1, interval: 10 });
    expect(rules.statistics()).toMatchObject([{ RuleName: 'Cruddur', RequestCount: 1 }]);
  });

  it('uses seconds since the epoch, and rules with all fields that clients check', async () => {
    const { SamplingRuleRecords: records } = (await (await ask('/GetSamplingRules', {})).json()) as {
      SamplingRuleRecords: Record<string, unknown>[];
    };
    const { LastRuleModification, SamplingTargetDocuments: documents } = (await (
      await ask('/SamplingTargets', statistics('a'))
    ).json()) as { LastRuleModification: number; SamplingTargetDocuments: { ReservoirQuotaTTL: number }[] };

    expect(records[0]).toMatchObject({
      SamplingRule: { ...SEEDED, RuleARN: expect.stringMatching(/^arn:aws:xray:/), Attributes: {} },
      CreatedAt: LastRuleModification,
      ModifiedAt: LastRuleModification,
    });
    const seconds = Date.now() / 1000;
    expect(Math.abs(LastRuleModification - seconds)).toBeLessThan(10);
    expect(documents[0]?.ReservoirQuotaTTL).toBeGreaterThan(seconds + 10);
    expect(documents[0]?.ReservoirQuotaTTL).toBeLessThan(seconds + 60);
  });

  it('shares the whole reservoir among the clients that report', async () => {
    for (const client of 'abc') await ask('/SamplingTargets', statistics(client));
    const quotas = await Promise.all(['a', 'b', 'c'].map(quotaOf));

    expect(quotas.toSorted()).toEqual([1, 2, 2]);
  });

  it('accepts boost statistics, and grants no boost', async () => {
    const boost = { RuleName: 'Cruddur', ServiceName: 'x', Timestamp: 1, AnomalyCount: 1, TotalCount: 2 };
    const answer = await ask('/SamplingTargets', {
      ...statistics('a'),
      SamplingBoostStatisticsDocuments: [{ ...boost, SampledAnomalyCount: 1 }],
    });

    expect(await answer.json()).toMatchObject({
      SamplingTargetDocuments: [{ RuleName: 'Cruddur', ReservoirQuota: 5 }],
      UnprocessedBoostStatistics: [],
    });
  });

  it('reports changed rules by the time of the change', async () => {
    rules.setRules([{ ...SEEDED, RuleName: 'Other', ReservoirSize: 0 }]);
    const answer = await (await ask('/SamplingTargets', statistics('a'))).json();

    expect(answer).toMatchObject({
      SamplingTargetDocuments: [],
      UnprocessedStatistics: [{ RuleName: 'Cruddur', ErrorCode: expect.any(String) }],
    });
  });

  it.each([
    ['what is not JSON', '{'],
    [
      'statistics without a client',
      JSON.stringify({ SamplingStatisticsDocuments: [{ RuleName: 'Cruddur' }] }),
    ],
    [
      'more statistics than AWS takes',
      JSON.stringify({ SamplingStatisticsDocuments: Array(26).fill(document('a')) }),
    ],
  ])('refuses %s', async (_, body) => {
    const response = await fetch(`http://${daemon()}/SamplingTargets`, { method: 'POST', body });

    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('InvalidRequestException');
    expect(await response.json()).toEqual({ Message: expect.any(String) });
  });
});

function document(client: string) {
  const now = Math.floor(Date.now() / 1000);
  return {
    RuleName: 'Cruddur',
    ClientID: client.repeat(24),
    RequestCount: 1,
    SampledCount: 1,
    BorrowCount: 0,
    Timestamp: now,
  };
}

function statistics(client: string) {
  return { SamplingStatisticsDocuments: [document(client)] };
}

async function quotaOf(client: string): Promise<number | undefined> {
  const answer = (await (await ask('/SamplingTargets', statistics(client))).json()) as {
    SamplingTargetDocuments: { ReservoirQuota: number }[];
  };
  return answer.SamplingTargetDocuments[0]?.ReservoirQuota;
}
