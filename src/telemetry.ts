/**
 * Preloaded with `--import`: signals are handled before any library is loaded, OpenTelemetry runs before
 * anything that it watches is loaded, and the environment is judged before anything listens.
 */
import { enableCompileCache } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exitOnEarlySignals } from './lifecycle/early-signals.ts';

exitOnEarlySignals();
enableCompileCache();

// Static imports would all be loaded before the first line above runs.
const { loadEnvironment } = await import('./config/loading/load-environment.ts');
loadEnvironment();
const { orExit, readConfig } = await import('./config/config.ts');
export const config = orExit(readConfig);
const [{ createScrubber }, { exitOnEarlyFaults }] = await Promise.all([
  import('./lib/scrub/scrub.ts'),
  import('./lifecycle/early-faults.ts'),
]);
exitOnEarlyFaults(createScrubber(config.secrets()));
if (config.proxy || config.extraCertificates) {
  const { openWaysOut } = await import('./lifecycle/ways-out.ts');
  openWaysOut(config);
}
const { guardLookups } = await import('./lifecycle/guard-lookups.ts');
guardLookups(config.database.hosts.map(({ host }) => host));
const { createSinks } = await import('./observability/delivery/sink-counters.ts');
export const sinks = createSinks(config);
const { startTracing } = await import('./observability/tracing/start.ts');
export const tracing = await startTracing(config, sinks);
// Loading modules never turns the event loop, in which a signal that arrived meanwhile finds its handler.
await nextTurn();
