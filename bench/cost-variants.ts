export interface Variant {
  readonly name: string;
  readonly server: './bare-server.ts' | './observed-server.ts';
  readonly env: Readonly<Record<string, string>>;
  /** How many times the CPU of bare Express a request may cost. */
  readonly budget: number;
}

/** What is compared. `sinks` are the variables that point at the receivers; `all` those at which X-Ray samples everything. */
export function variants(seed: Record<string, string>, all: Record<string, string>): Variant[] {
  const app = { DATABASE_URL: 'postgres://unused@127.0.0.1:1/unused', HOST: '127.0.0.1', PORT: '0' };
  return [
    { name: 'bare Express', server: './bare-server.ts', env: {}, budget: 1 },
    { name: 'sinks off', server: './observed-server.ts', env: app, budget: 1.4 },
    { name: 'all four, 10 % + 5/s', server: './observed-server.ts', env: { ...app, ...seed }, budget: 3 },
    { name: 'all four, 100 %', server: './observed-server.ts', env: { ...app, ...all }, budget: 4 },
  ];
}
