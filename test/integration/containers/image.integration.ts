import { expect, it } from 'vitest';
import { ROOT } from '../../helpers/app/service.ts';
import { run } from '../install/real-service.ts';
import { describeRealService } from '../support/describe-real-service.ts';

const IMAGES = [
  {
    target: 'api',
    title: 'Cruddur backend',
    without: ['typescript', 'vitest', 'playwright-core', 'mockotlpserver', 'lit-html'],
  },
  { target: 'console', title: 'Cruddur console', without: ['typescript', 'vitest', 'playwright-core'] },
];

describeRealService('docker', 'Dockerfile', () => {
  it.each(IMAGES)(
    '$target has a title, only its own packages, and no secret',
    async ({ target, title, without }) => {
      const tag = `cruddur-integration/${target}`;
      await run('docker', ['build', '--target', target, '--tag', tag, ROOT]);
      const { Size, Config } = JSON.parse(
        await run('docker', ['image', 'inspect', '--format', '{{json .}}', tag]),
      );
      process.stdout.write(`image of ${target}: ${Math.round(Size / 1e6)} MB, base included\n`);
      expect(Config).toMatchObject({ User: 'node', Labels: { 'org.opencontainers.image.title': title } });
      expect(Config.Healthcheck.Test[0]).toBe('CMD');

      const list = 'ls -A /app /app/node_modules /app/node_modules/@*';
      const files = await run('docker', ['run', '--rm', '--entrypoint', 'sh', tag, '-c', list]);
      expect(files.split('\n').filter((file) => [...without, '.env', '.git', 'test'].includes(file))).toEqual(
        [],
      );
      expect(files.split('\n')).toContain('express');
      expect(await run('docker', ['history', '--no-trunc', tag])).not.toMatch(/secret|token=|key=/i);
    },
  );

  it.each([0, 10, 50, 100, 200, 400])(
    'a read-only container ends on SIGTERM %i ms after its start',
    async (afterMs) => {
      const tag = 'cruddur-integration/api';
      const database = ['--env', 'DATABASE_URL=postgres://127.0.0.1:1/none'];
      const id = await run('docker', ['run', '--detach', '--read-only', ...database, tag]);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await run('docker', ['kill', '--signal', 'TERM', id]);
      const start = performance.now();
      const code = await run('docker', ['wait', id]);
      expect(performance.now() - start).toBeLessThan(4000);
      // 143: the signal came before Node had installed any handler, so it ended Node by itself.
      expect(['0', '143']).toContain(code);
      await run('docker', ['rm', id]);
    },
  );
});
