import { readFileSync } from 'node:fs';
import { startConsole } from '../src/console/server.ts';
import { createXraySampling, type SamplingRule } from '../src/console/xray-sampling.ts';

export interface ReceiversReady {
  /** Variables that point at receivers whose X-Ray samples as `aws/json/xray.json` says, and at ones that sample all. */
  readonly seed: Record<string, string>;
  readonly all: Record<string, string>;
}

/** The back ends of all four systems, in a process of their own. */
const file = readFileSync(new URL('../aws/json/xray.json', import.meta.url), 'utf8');
const rule = JSON.parse(file).SamplingRule as SamplingRule;

async function start(sampling: SamplingRule): Promise<Record<string, string>> {
  const { httpPort, xrayPort } = await startConsole({ sampling: createXraySampling([sampling]) });
  const url = `http://127.0.0.1:${httpPort}`;
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${xrayPort}`,
    CLOUDWATCH_LOG_GROUP: 'cruddur',
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url,
    AWS_REGION: 'ca-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    ROLLBAR_ACCESS_TOKEN: '0123456789abcdef0123456789abcdef',
    ROLLBAR_ENDPOINT: `${url}/api/1/item/`,
  };
}

process.on('message', () => process.exit(0));
process.send?.({
  seed: await start({ Attributes: {}, ...rule }),
  all: await start({ Attributes: {}, ...rule, FixedRate: 1 }),
} satisfies ReceiversReady);
