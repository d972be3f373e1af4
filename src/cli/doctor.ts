import { context } from '@opentelemetry/api';
import { orExit, readConfigWithoutDatabase } from '../config/config.ts';
import { loadEnvironment } from '../config/loading/load-environment.ts';
import { describeError } from '../lib/describe-error.ts';
import { endProcess } from '../lifecycle/end-process.ts';
import { openWaysOut } from '../lifecycle/ways-out.ts';
import { RequestContextManager } from '../observability/tracing/context-manager.ts';
import { describeResults } from './doctor/describe-results.ts';
import { createProbeIds } from './doctor/probe-ids.ts';
import { runChecks } from './doctor/run-checks.ts';
import { readFlags } from './read-flags.ts';

/** For connections that a check left behind. */
const LEFTOVERS_MS = 1_000;

// A reader such as `head` may have closed the pipe.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('uncaughtException', (error) => {
  process.stderr.write(`the doctor failed: ${describeError(error)}\n`, () => endProcess(70));
});

const { json } = readFlags({ json: { type: 'boolean' } });
loadEnvironment();
const config = orExit(readConfigWithoutDatabase);
openWaysOut(config);
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
setTimeout(() => endProcess(), LEFTOVERS_MS).unref();
