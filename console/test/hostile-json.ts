const MARK = '\u0001';
/** No field has this type, and no conversion of it succeeds. */
export const INCONVERTIBLE = '{"toString":1,"valueOf":1}';

/** JSON values to use in place of the expected ones. */
export const HOSTILE: readonly string[] = [
  INCONVERTIBLE,
  ...['null', 'true', '-1', '0.1', '1e15', '1e999', '""', '[]', '{}', '[[]]', '[null]'],
  ...['"\\u0000"', '"\\ud800"', '"__proto__"', `"${'x'.repeat(100_000)}"`],
  ...['{"__proto__":{"x":1}}', '{"constructor":{"prototype":1}}', '{"toJSON":1,"then":1}'],
  ...['{"length":-1}', '{"low":1,"high":"x"}', '{"low":0.5,"high":0.5}'],
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  `{"a":${'{"a":'.repeat(190)}1${'}'.repeat(191)}`,
  `{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":${n}`)}}`,
];

/** Returns a body for each value in its JSON, with that value replaced; none when it is not JSON. */
export function withHostileValues(body: Buffer, hostile: string): Buffer[] {
  const value = parse(body);
  if (value === undefined) return [];
  const bodies: Buffer[] = [];
  for (let at = 0, found = true; found; at++) {
    let count = 0;
    const text = JSON.stringify(value, (_, each: unknown) => (count++ === at ? MARK : each));
    found = count > at;
    if (found) bodies.push(Buffer.from(text.replace(JSON.stringify(MARK), () => hostile)));
  }
  return bodies;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
