import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

const secretsOf = (environment: NodeJS.ProcessEnv) =>
  readConfig({ DATABASE_URL: 'postgres://127.0.0.1:1/none', ...environment }).secrets();

it.each<[environment: NodeJS.ProcessEnv, secrets: string[]]>([
  [{}, []],
  [{ HONEYCOMB_API_KEY: 'abc' }, ['abc']],
  [{ AWS_SECRET_ACCESS_KEY: 'abc', AWS_SESSION_TOKEN: 'def', AWS_ACCESS_KEY_ID: 'id' }, ['abc', 'def']],
  [{ DATABASE_URL: 'postgres://app:p%40ss@127.0.0.1/x', DATABASE_PASSWORD: 'def' }, ['p@ss', 'def']],
  [{ DATABASE_URL: 'postgres://app:@127.0.0.1/x?password=abc' }, ['abc']],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://u:p%2Fw@otel.test/' }, ['p/w']],
  [{ HTTPS_PROXY: 'http://key@proxy.test:3128' }, ['key']],
  [
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.test',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc,x-key=def,x-honeycomb-dataset=ghi',
    },
    ['Bearer abc', 'abc', 'def'],
  ],
])('%j holds the secrets %j', (environment, secrets) => {
  expect(secretsOf(environment)).toEqual(expect.arrayContaining(secrets));
  expect(secretsOf(environment).length > 0).toBe(secrets.length > 0);
});

it.each([
  { DATABASE_URL: 'postgres://cruddur:cruddur@127.0.0.1/x' },
  { DATABASE_URL: 'postgres://worf:worf@127.0.0.1/x' },
  { DATABASE_PASSWORD: 'postgres' },
])('a password that is a name is public: %j', (environment) => {
  expect(secretsOf(environment)).toEqual([]);
});

it('is not written with the configuration', () => {
  const config = readConfig({ DATABASE_URL: 'postgres://app:abc@127.0.0.1:1/none' });
  expect(JSON.stringify(config)).not.toContain('abc');
});
