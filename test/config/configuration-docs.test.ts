import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configurationDocs } from '../../scripts/configuration-docs.ts';
import { Environment } from '../../src/config/environment.ts';
import { ROOT } from '../helpers/app/service.ts';

it('docs/configuration.md is what the schema says (npm run docs:configuration writes it)', () => {
  expect(readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8')).toBe(configurationDocs());
});

it('every variable has a description', () => {
  for (const [name, schema] of Object.entries(Environment.shape)) {
    expect(schema.meta()?.description, name).toMatch(/^[^|]{10,}\.$/);
  }
});
