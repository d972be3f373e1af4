import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly engines?: { readonly node?: string };
}

const packages: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
).packages;

/**
 * npm leaves out, without a word, a native binding whose `engines` do not name the Node that `npm ci` runs
 * on.
 */
test('a native binding is installed whatever Node runs the installation', () => {
  const choosy = Object.entries(packages)
    .filter(([, { os, cpu, engines }]) => (os ?? cpu) && engines && !takesNode20(engines.node))
    .map(([name]) => name);
  expect(choosy).toEqual([]);
});

/** npm 11 and 12 refuse a lock file in which one is missing, even if it is for another platform. */
test('every binding that a package can use is locked, for every platform', () => {
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)));
  expect(missing).toEqual([]);
});

function takesNode20(range = ''): boolean {
  return [...range.matchAll(/>=?\s*(\d+)/g)].some(([, major]) => Number(major) < 20);
}
