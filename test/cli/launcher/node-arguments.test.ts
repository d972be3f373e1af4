import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NODE_ARGUMENTS } from '../../../src/cli/launcher/node-arguments.ts';
import { ROOT } from '../../helpers/app/service.ts';

const [, , preload = ''] = NODE_ARGUMENTS;
const inRepository = [
  ...NODE_ARGUMENTS.slice(0, 2),
  preload.replace(/^file:.*(?=\/src\/)/, '.'),
  'src/main.ts',
];

it('`npm run api` and the image start the API with the arguments of the launcher', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(scripts.api).toBe(['node', ...inRepository].join(' '));
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  expect(dockerfile).toContain(`CMD ${JSON.stringify(inRepository).replaceAll(',', ', ')}`);
});
