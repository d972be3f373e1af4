/**
 * Preloaded with `--import`: OpenTelemetry runs before anything that it watches is loaded, and the
 * environment is judged before anything listens.
 */
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { loadDotEnv, orExit, readConfig } from './config/config.ts';
import { createSinks } from './observability/delivery/sink-counters.ts';
import { startTracing } from './observability/tracing/start.ts';

enableCompileCache();
// Else V8 comes to put the http instrumentation's record of each request in the old generation, where, long
// dead, it keeps the request's span alive until a full collection: half of all time in scavenges, and
// megabytes of dead spans.
setFlagsFromString('--no-allocation-site-pretenuring');
loadDotEnv();

export const config = orExit(readConfig);
export const sinks = createSinks(config);
export const tracing = await startTracing(config, sinks);
