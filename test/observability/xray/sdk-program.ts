import { createRequire } from 'node:module';
import { createSinkCounters } from '../../../src/observability/delivery/sink-counters.ts';
import { createXRay } from '../../../src/observability/xray/xray.ts';

const require = createRequire(import.meta.url);

/** Loads the SDK only when a scenario needs it, because the tests are about the order of loading. */
const loadCore = (): typeof import('aws-xray-sdk-core') => require('aws-xray-sdk-core');

function create() {
  const address = { host: '127.0.0.1', port: 9 };
  return createXRay({
    config: { daemon: { udp: address, tcp: address }, namePattern: undefined },
    service: { name: 'backend-express', version: '1.2.3' },
    trustProxy: false,
    trustTraceSampling: false,
    sink: createSinkCounters('xray', '127.0.0.1:9'),
    scrub: (text) => text,
    logger: { debug: () => {} },
  });
}

/** A process that loads the X-Ray SDK and prints the result as JSON. Its argument names one of these. */
const SCENARIOS: Record<string, () => unknown> = {
  async settings() {
    await create().drain(10);
    const core = loadCore();
    return {
      automatic: core.isAutomaticMode(),
      namespaces: Object.keys('namespaces' in process ? Object(process.namespaces) : {}),
      name: core.middleware.resolveName('localhost'),
      environment: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => name.startsWith('AWS_XRAY_')),
      ),
    };
  },

  loadedBefore() {
    loadCore();
    try {
      create();
      return 'no error';
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  },

  withoutDrain() {
    create();
    return 'done';
  },
};

process.stdout.write(JSON.stringify(await SCENARIOS[process.argv[2] ?? '']?.()));
