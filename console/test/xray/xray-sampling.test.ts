import { createRequire } from 'node:module';
import AWSXRay from 'aws-xray-sdk-core';
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
