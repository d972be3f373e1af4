import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder } from '../cached-folder.ts';
import { ROOT } from './service.ts';

/**
 * Returns a copy of the API without the console. It is kept until the source changes, because Node caches
 * compiled code by path. Node strips no types below node_modules.
 */
export function copyApi(): Promise<string> {
  const source = join(ROOT, 'src');
  const hash = createHash('sha256').update(ROOT);
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) hash.update(path).update(readFileSync(path));
  }
  const name = `cruddur-start-${hash.digest('hex').slice(0, 16)}`;
  return cachedFolder(join(tmpdir(), name), async (folder) => {
    cpSync(source, join(folder, 'src'), { recursive: true });
    for (const linked of ['package.json', 'node_modules', 'aws'])
      symlinkSync(join(ROOT, linked), join(folder, linked));
  });
}
