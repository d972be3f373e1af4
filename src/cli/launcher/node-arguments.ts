/**
 * Node's arguments for the API. package.json (script `api`) and the Dockerfile repeat them, which a test
 * checks. By default, V8 lets the young generation grow to 128 MB: nearly half of the API's memory, for at
 * most a tenth of its CPU under full load.
 */
export const NODE_ARGUMENTS: readonly string[] = [
  '--max-semi-space-size=4',
  '--import',
  new URL('../../telemetry.ts', import.meta.url).href,
];
