import { context } from '@opentelemetry/api';
import { orExit, readConfigWithoutDatabase } from '../config/config.ts';
import { loadEnvironment } from '../config/loading/load-environment.ts';
import { RequestContextManager } from '../observability/tracing/context-manager.ts';
import { describeResults } from './doctor/describe-results.ts';
import { createProbeIds } from './doctor/probe-ids.ts';
import { runChecks } from './doctor/run-checks.ts';
import { readFlags } from './read-flags.ts';

const { json } = readFlags({ json: { type: 'boolean' } });
loadEnvironment();
const config = orExit(readConfigWithoutDatabase);
context.setGlobalContextManager(new RequestContextManager().enable());
const ids = createProbeIds();
const results = await runChecks(config, ids);
const ok = results.every(({ state }) => state !== 'fails');
process.stdout.write(
  json
    ? `${JSON.stringify({ ok, trace_id: ids.traceId, findings: results }, undefined, 2)}\n`
    : describeResults(results, ids),
);
process.exitCode = ok ? 0 : 1;
