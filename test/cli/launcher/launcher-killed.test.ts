import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from '../../helpers/app/service.ts';
import { refusedPort } from '../../helpers/network/faulty-server.ts';
import { ask } from '../../helpers/network/http-client.ts';
import { useNodeProcesses } from '../../helpers/process/node-process.ts';
import { until } from '../../helpers/until.ts';

const cwd = mkdtempSync(join(tmpdir(), 'cruddur-killed-'));
afterAll(() => rmSync(cwd, { recursive: true }));
const startNode = useNodeProcesses();

it('the API and the console end when the npm start that runs them is killed', async () => {
  const [port, consolePort, databasePort] = [await refusedPort(), await refusedPort(), await refusedPort()];
  const environment = {
    PORT: String(port),
    CONSOLE_PORT: String(consolePort),
    CONSOLE_XRAY_PORT: '0',
    DATABASE_URL: `postgres://127.0.0.1:${databasePort}/none`,
  };
  const launcher = startNode([join(ROOT, 'src/cli/start.ts')], { cwd, environment });
  await launcher.printed(/Ctrl-C stops everything/);
  expect(await ask(`http://127.0.0.1:${port}/livez`)).toMatchObject({ status: 200 });

  launcher.child.kill('SIGKILL');
  const refuses = (url: string) =>
    ask(url).then(
      () => false,
      ({ code }) => code === 'ECONNREFUSED',
    );
  await until(() => refuses(`http://127.0.0.1:${port}/livez`));
  await until(() => refuses(`http://127.0.0.1:${consolePort}/api/status`));
  // Their output has ended: none of them is left.
  await launcher.ended;
});
