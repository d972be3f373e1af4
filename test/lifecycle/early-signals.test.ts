import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, useServices } from '../helpers/app/service.ts';

const FIXTURE = join(ROOT, 'test/fixtures/signal-while-loading.ts');

const services = useServices();

describe.concurrent('during the start', () => {
  it.each(['SIGTERM', 'SIGINT'])(
    '%s ends a process that still loads its libraries, with 0',
    async (signal) => {
      const process = services.launch(
        { DATABASE_URL: 'postgres://127.0.0.1:1/none', SIGNAL_WHILE_LOADING: signal },
        { preloadFirst: [FIXTURE] },
      );
      expect(await process.ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    },
  );
});
