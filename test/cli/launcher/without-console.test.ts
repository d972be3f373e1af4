import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from '../../helpers/app/service.ts';
import { copyDataFolder } from '../../helpers/database/databases.ts';
import { refusedPort } from '../../helpers/network/faulty-server.ts';
import { ask } from '../../helpers/network/http-client.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';

const cwd = mkdtempSync(join(tmpdir(), 'cruddur-without-console-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const startNode = useNodeProcesses('SIGTERM');

it('a copy without console serves the same, and npm start says that it has none', async () => {
  const console = join(ROOT, 'console');
  cpSync(join(ROOT, 'src'), join(cwd, 'src'), { recursive: true, filter: (path) => path !== console });
  for (const name of ['package.json', 'node_modules', 'aws']) symlinkSync(join(ROOT, name), join(cwd, name));
  const port = String(await refusedPort());
  const environment = { PORT: port, DATA_DIR: await copyDataFolder() };
  const launcher = startNode([join(cwd, 'src/cli/start.ts')], { cwd, environment });
  await launcher.printed(/Ctrl-C stops everything/);

  expect(launcher.stdout()).toContain('\n  console     not installed\n');
  expect(launcher.stdout()).toContain('\n  honeycomb   off\n');
  const feed = await ask(`http://127.0.0.1:${port}/api/activities/home`);
  expect(JSON.parse(feed.body)).toHaveLength(4);
  launcher.child.kill('SIGTERM');
  expect(await launcher.ended).toMatchObject({ code: 0, stderr: '' });
});
