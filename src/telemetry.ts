/**
 * Preloaded with `--import`: OpenTelemetry runs before anything that it watches is loaded, and the environment is
 * judged before anything listens.
 */
import { enableCompileCache } from 'node:module';
import { loadDotEnv, orExit, readConfig } from './config.ts';
import { createSinks } from './observability/sinks.ts';
import { startTracing } from './observability/tracing.ts';

enableCompileCache();
loadDotEnv();

export const config = orExit(readConfig);
export const sinks = createSinks(config);
export const tracing = await startTracing(config, sinks);
