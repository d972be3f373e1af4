import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { homeFeed, responseHeaders } from '../../cost/home-feed.ts';
import { answerParent } from '../../serve.ts';
import { GUNICORN } from './install-flask.ts';
import { processUsage } from './process-usage.ts';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));

// Stands for gunicorn towards the benchmark. It inherits the core; its own CPU time is not counted.
const gunicorn = spawn(GUNICORN, ['--chdir', FOLDER, '--config', `${FOLDER}gunicorn.conf.py`, 'app:app'], {
  env: {
    ...process.env,
    HOME_FEED: JSON.stringify(homeFeed),
    RESPONSE_HEADERS: JSON.stringify({
      'Content-Type': 'application/json; charset=utf-8',
      ...responseHeaders,
    }),
    PYTHONDONTWRITEBYTECODE: '1',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(gunicorn, 'exit');
const end = () => {
  gunicorn.kill('SIGTERM');
  return ended;
};
process.once('SIGTERM', () => end().then(() => process.exit(0)));

const port = await Promise.race([
  once(gunicorn.stdout, 'data').then(([line]) => Number(line)),
  ended.then(([code]) => Promise.reject(new Error(`gunicorn ended with code ${code}`))),
]);
answerParent(port, { usage: () => processUsage(gunicorn.pid ?? 0), stop: end });
