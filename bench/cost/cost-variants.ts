import { LIMITS_OFF } from '../../test/helpers/limits-off.ts';

/** One server configuration to compare. */
export interface Variant {
  readonly name: string;
  readonly server: './bare-server.ts' | './observed-server.ts';
  readonly env: Readonly<Record<string, string>>;
  /** Maximum CPU time per request, as a multiple of bare Express. */
  readonly budget: number;
}

/** The variables of `observed-server.ts` with all systems off. */
export const OBSERVED = {
  DATABASE_URL: 'postgres://unused@127.0.0.1:1/unused',
  HOST: '127.0.0.1',
  PORT: '0',
  ...LIMITS_OFF,
};

/**
 * Returns the variants to compare. `ruleSampling` and `fullSampling` are the variables of receivers whose
 * X-Ray samples by `aws/json/xray.json`, or every request.
 */
export function variants(
  ruleSampling: Record<string, string>,
  fullSampling: Record<string, string>,
): Variant[] {
  return [
    { name: 'bare Express', server: './bare-server.ts', env: {}, budget: 1 },
    { name: 'sinks off', server: './observed-server.ts', env: OBSERVED, budget: 1.4 },
    {
      name: 'all four, 10 % + 5/s',
      server: './observed-server.ts',
      env: { ...OBSERVED, ...ruleSampling },
      budget: 3,
    },
    {
      name: 'all four, 100 %',
      server: './observed-server.ts',
      env: { ...OBSERVED, ...fullSampling },
      budget: 4,
    },
  ];
}
