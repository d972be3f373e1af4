import { expect, it } from 'vitest';
import { ROOT } from '../helpers/app/service.ts';
import { run } from './install/real-service.ts';
import { describeRealService } from './support/describe-real-service.ts';

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
});
