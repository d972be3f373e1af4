/**
 * What Node gets before the API's module; the script `api` of package.json repeats it. Left alone, V8 lets the young
 * generation grow to 128 MB: nearly half of the API's memory, for a tenth of its CPU at full load at the most.
 */
export const NODE_ARGUMENTS: readonly string[] = [
  '--max-semi-space-size=4',
  '--import',
  new URL('../../telemetry.ts', import.meta.url).href,
];
