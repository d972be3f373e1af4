/** `npm run docs:configuration` writes `docs/configuration.md` from the configuration's schema. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDocs } from './configuration-docs.ts';

writeFileSync(join(import.meta.dirname, '../docs/configuration.md'), configurationDocs());
