import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';

export interface Rule {
  readonly RuleName: string;
  readonly FixedRate: number;
  readonly ReservoirSize: number;
}

/** How a receiver fails: nothing listens any more, nothing is answered, or every answer is a 503. */
export type Failure = 'refusing' | 'hanging' | 'answering 503';

export interface Receiver {
  /** The variables that point all four systems at it. */
  readonly env: Record<string, string>;
  fail(how: Failure): void;
}

const file = readFileSync(new URL('../../aws/json/xray.json', import.meta.url), 'utf8');
export const ruleOfTemplate: Rule = JSON.parse(file).SamplingRule;

/**
 * Starts a receiver for all four systems. Until it fails, it acknowledges everything and stores nothing,
 * because a slow receiver would fill the queues of the server under test.
 */
export async function startReceiver(rule: Rule): Promise<Receiver> {
  let failure: Failure | undefined;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (failure === 'hanging') return;
      if (failure === 'answering 503') response.writeHead(503).end();
      else
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify(acknowledge(request, rule)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const daemon = createSocket('udp4').bind(port, '127.0.0.1');
  await once(daemon, 'listening');
  return {
    env: receiverVariables(port),
    fail(how) {
      failure = how;
      if (how !== 'refusing') return;
      server.close();
      server.closeAllConnections();
      daemon.close();
    },
  };
}

/** Returns the variables that point all four systems at a receiver on `port`, by HTTP and by UDP. */
export function receiverVariables(port: number): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${port}`,
    CLOUDWATCH_LOG_GROUP: 'cruddur',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: `http://127.0.0.1:${port}`,
    AWS_REGION: 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
    ROLLBAR_ENDPOINT: `http://127.0.0.1:${port}/api/1/item/`,
  };
}

/** Returns the answer of the back end that `request` is meant for, whose X-Ray samples by `rule`. */
export function acknowledge({ url, headers }: IncomingMessage, rule: Rule): object {
  const seconds = Math.floor(Date.now() / 1000);
  if (url === '/GetSamplingRules') return { SamplingRuleRecords: [{ SamplingRule: rule }] };
  if (url === '/SamplingTargets') {
    const target = {
      RuleName: rule.RuleName,
      FixedRate: rule.FixedRate,
      ReservoirQuota: rule.ReservoirSize,
      ReservoirQuotaTTL: seconds + 60,
      Interval: 10,
    };
    return { LastRuleModification: 0, SamplingTargetDocuments: [target], UnprocessedStatistics: [] };
  }
  if (url?.startsWith('/api/1/item')) return { err: 0, result: { uuid: '' } };
  if (String(headers['x-amz-target']).endsWith('DescribeLogStreams')) {
    return { logStreams: [{ logStreamName: `backend-express/${hostname()}` }] };
  }
  return headers['x-amz-target'] ? { nextSequenceToken: '1' } : {};
}
