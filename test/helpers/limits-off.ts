/** For suites and benchmarks that send more requests than an address may. */
export const LIMITS_OFF = {
  RATE_LIMIT_READS: 'off',
  RATE_LIMIT_WRITES: 'off',
  RATE_LIMIT_SEARCH: 'off',
  RATE_LIMIT_ROLLBAR_TEST: 'off',
};
