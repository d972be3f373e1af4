import { choice, rateLimit } from './values.ts';

/** The requests that one client address may send; further ones are a 429. */
export const RATE_LIMIT_VARIABLES = {
  RATE_LIMIT_READS: rateLimit
    .prefault('1000/10s')
    .describe('GET requests per client address: `<requests>/<window>` (`10s`, `1m`, `1h`), or `off`.'),
  RATE_LIMIT_WRITES: rateLimit.prefault('300/1m').describe('POST requests per client address, or `off`.'),
  RATE_LIMIT_SEARCH: rateLimit.prefault('300/1m').describe('Searches per client address, or `off`.'),
  RATE_LIMIT_ROLLBAR_TEST: rateLimit
    .prefault('60/1m')
    .describe('Requests of `/rollbar/test` per client address, or `off`. Each one is a Rollbar item.'),
  RATE_LIMIT_STORE: choice(['memory', 'database'], 'must be memory or database')
    .default('memory')
    .describe('Where requests are counted: per process, or in the database for all replicas together.'),
};
