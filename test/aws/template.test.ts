import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import taskDefinition from '../../aws/json/task-definition.json' with { type: 'json' };
import samplingRule from '../../aws/json/xray.json' with { type: 'json' };
import group from '../../aws/json/xray-group.json' with { type: 'json' };
import { readConfig } from '../../src/config/config.ts';
import { accessLog } from '../../src/http/middleware/access-log.ts';
import { createRequestCounts } from '../../src/observability/cloudwatch/request-counts.ts';
import { ask } from '../helpers/network/http-client.ts';
import { openLogger } from '../helpers/process/log-streams.ts';

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default: unknown }>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: never }>>;
}

const text = readFileSync(join(import.meta.dirname, '../../aws/cruddur.yaml'), 'utf8');
const template: Template = parse(text);

/** The keywords and functions of the query language that the queries use. */
const LOGS_INSIGHTS = [
  ...['fields', 'filter', 'parse', 'stats', 'sort', 'limit', 'as', 'by', 'and', 'asc', 'desc'],
  ...['count', 'ispresent', 'latest', 'max', 'pct'],
];

/** Returns the properties of a resource, with parameters replaced by their defaults. */
function propertiesOf(name: string): Record<string, unknown> {
  return resolve(template.Resources[name]?.Properties) as Record<string, unknown>;
}

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Sub': sub, ...others } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return template.Parameters[Ref]?.Default ?? Ref;
  if (typeof sub === 'string')
    return sub.replaceAll(/\$\{(\w+)\}/g, (_, name) => String(template.Parameters[name]?.Default));
  return Object.fromEntries(Object.entries(others).map(([key, member]) => [key, resolve(member)]));
}

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: { readonly Namespace: string; readonly MetricName: string } };
}

/** Returns the names of the metrics that the service sends, as `Namespace/Name`. */
function sentMetrics(): string[] {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line) > 0;
  createRequestCounts({ service: 'backend-express', write }).close();
  const [directive] = JSON.parse(lines[0] ?? '')._aws.CloudWatchMetrics;
  expect(directive.Dimensions).toEqual([[]]);
  return directive.Metrics.map(({ Name }: { Name: string }) => `${directive.Namespace}/${Name}`);
}

/** Returns the access log line of an answer with `status`. */
async function accessLine(status: number): Promise<Record<string, unknown>> {
  const { logger, lines } = openLogger();
  const over = Promise.withResolvers<void>();
  const app = express().use(accessLog(logger), (_request, response) => {
    response.on('close', over.resolve).sendStatus(status);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/activities/@bayko?limit=1`);
  await over.promise;
  server.close();
  server.closeAllConnections();
  const [line = {}] = await lines();
  return line;
}

describe('the CloudFormation template', () => {
  it('creates the same group and sampling rule as the AWS CLI with the JSON files', () => {
    expect(propertiesOf('SamplingRule')).toEqual(samplingRule);
    expect(propertiesOf('XRayGroup')).toEqual(group);
  });

  it('raises its alarms on the metrics that the service sends', () => {
    const { Namespace, MetricName } = propertiesOf('SilenceAlarm');
    const queries = propertiesOf('FaultRateAlarm').Metrics as readonly MetricQuery[];
    const used = queries.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
    const names = used.map((metric) => `${metric.Namespace}/${metric.MetricName}`);
    expect(names.toSorted()).toEqual(sentMetrics().toSorted());
    expect(sentMetrics()).toContain(`${Namespace}/${MetricName}`);
    expect(text).not.toContain('MetricFilter');
  });

  it.each([
    { requests: 0, faults: 0, rate: 0 },
    { requests: 200, faults: 0, rate: 0 },
    { requests: 200, faults: 10, rate: 5 },
    { requests: 3, faults: 3, rate: 100 },
  ])('judges $faults faults of $requests requests as $rate %', ({ rate, ...counts }) => {
    const queries = propertiesOf('FaultRateAlarm').Metrics as readonly MetricQuery[];
    const expression = queries.find(({ Id }) => Id === 'rate')?.Expression ?? '';
    const IF = (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise);
    expect(runInNewContext(expression, { ...counts, IF })).toBe(rate);
  });

  it('takes no data for a failure, and is not healthy without it', () => {
    expect(propertiesOf('SilenceAlarm')).toMatchObject({
      Statistic: 'SampleCount',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
    expect(propertiesOf('FaultRateAlarm').TreatMissingData).toBe('missing');
  });

  it('queries fields that the log lines have', async () => {
    const queries = Object.keys(template.Resources)
      .map(propertiesOf)
      .flatMap(({ QueryString }) => (typeof QueryString === 'string' ? [QueryString] : []));
    expect(queries).toHaveLength(3);
    const own = queries.flatMap((query) =>
      [...query.matchAll(/as (\w+)|<(\w+)>/g)].map(([, a, b]) => a ?? b),
    );
    const known = new Set([
      ...Object.keys(await accessLine(200)),
      ...['trace_id', 'span_id', '@timestamp', '@message'],
      ...[...own, ...LOGS_INSIGHTS],
    ]);
    const words = queries.flatMap((query) => query.replaceAll(/\/.*\/|".*"/g, '').match(/@?[a-z]\w*/g) ?? []);
    expect(words).toContain('duration_ms');
    expect(words.filter((word) => !known.has(word))).toEqual([]);
  });

  it.each([
    ['/api/activities/home?limit=3', '/api/activities/home'],
    ['/api/activities/@bayko', '/api/activities/'],
    ['/api/activities/68f126b0-1ceb-4a33-88be-d90fa7109eee/reply', '/api/activities/'],
    ['/api/message_groups', '/api/message_groups'],
    ['/rollbar/test', '/rollbar/test'],
  ])('reads %s as the route %s', (path, route) => {
    const [, pattern = ''] = /parse full_path \/(.*)\/\n/.exec(text) ?? [];
    expect(new RegExp(pattern).exec(path)?.groups?.route).toBe(route);
  });
});

describe('the task definition', () => {
  const [api, daemon] = taskDefinition.containerDefinitions;

  it('configures Honeycomb, the daemon container and Rollbar', () => {
    const secrets = {
      DATABASE_URL: 'postgres://cruddur@db.internal/cruddur',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-honeycomb-team=key',
      ROLLBAR_ACCESS_TOKEN: 'token',
    };
    expect(api?.secrets?.map(({ name }) => name).toSorted()).toEqual(Object.keys(secrets).toSorted());
    const given = Object.fromEntries(api?.environment.map(({ name, value }) => [name, value]) ?? []);
    const config = readConfig({ ...given, ...secrets });
    expect(config).toMatchObject({
      host: '::',
      port: api?.portMappings[0]?.containerPort,
      otlp: { tracesUrl: 'https://api.honeycomb.io/v1/traces' },
      xray: { daemon: { udp: { port: 2000 }, tcp: { port: 2000 } } },
      rollbar: { environment: 'production' },
      // The log driver sends them.
      requestCounts: 'stdout',
    });
    expect(daemon?.portMappings.map(({ protocol }) => protocol)).toEqual(['udp', 'tcp']);
    // Fargate's maximum is 120 s.
    expect(api?.stopTimeout).toBeLessThanOrEqual(120);
    expect(api?.stopTimeout).toBeGreaterThan(config.shutdownDeadlineMs / 1000);
    expect(config.shutdownDelayMs).toBeGreaterThan(0);
    expect(config.shutdownDeadlineMs - config.shutdownDelayMs).toBeGreaterThanOrEqual(8000);
    expect(api?.linuxParameters?.initProcessEnabled).toBe(true);
  });

  it("sends log lines once, to the template's log group", () => {
    expect(api?.environment.map(({ name }) => name)).not.toContain('CLOUDWATCH_LOG_GROUP');
    for (const { logConfiguration } of taskDefinition.containerDefinitions)
      expect(logConfiguration.options['awslogs-group']).toBe(template.Parameters.LogGroupName?.Default);
  });
});
