import { inject } from 'vitest';
import { run } from '../install/real-service.ts';

const ACCOUNT = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_MAX_ATTEMPTS: '1',
};

/**
 * Runs `aws` against the endpoint and resolves with its parsed output. Rejects with `stderr` when it fails.
 */
export async function aws(endpoint: string, ...args: string[]) {
  const PYTHONPATH = inject('realServices').awsCli.path;
  const stdout = await run('python3', ['-m', 'awscli', '--endpoint-url', endpoint, ...args], {
    env: { ...ACCOUNT, PYTHONPATH },
  });
  return stdout === '' ? {} : JSON.parse(stdout);
}
