/** A predicate for the fields of a message. */
export type Condition = (fields: Readonly<Record<string, unknown>>) => boolean;

const STEP = /\.?\[(?:(\d+)|'([^']*)'|"([^"]*)")\]|\.([\w-]+)/g;
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const LITERAL = /^(?:"((?:[^"\\]|\\.)*)"|([\w.*+-]+))$/;

/** Parses a selector such as `$.users[0].id` or `$.['trace.id']`. Returns undefined when it is invalid. */
export function parseSelector(token: string): ((fields: unknown) => unknown) | undefined {
  if (!token.startsWith('$')) return undefined;
  const steps = [...token.matchAll(STEP)].map(
    ([, ...parts]) => parts.find((part) => part !== undefined) ?? '',
  );
  return (fields) => steps.reduce<unknown>(get, fields);
}

function get(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string, unknown>)[step];
}

/**
 * Parses the comparison of a selected value with a literal: numbers as numbers, other values as text, in
 * which a `*` at the beginning or the end matches any text. For values other than strings, numbers and
 * booleans, even `!=` is false. Returns undefined when the operator or the literal is invalid.
 */
export function parseComparison(operator: string, token: string): ((value: unknown) => boolean) | undefined {
  const [, quoted, bare] = LITERAL.exec(token) ?? [];
  const text = bare ?? quoted?.replaceAll(/\\(.)/g, '$1');
  if (text === undefined) return undefined;
  const number = bare !== undefined && NUMBER.test(bare) ? Number(bare) : undefined;
  if (operator === '=' || operator === '!=') {
    const equals = equalTo(text, number);
    return (value) => isComparable(value) && equals(value) === (operator === '=');
  }
  const ordered = ORDERED.get(operator);
  if (ordered === undefined || number === undefined) return undefined;
  return (value) => isNumeric(value) && ordered(Number(value), number);
}

const ORDERED = new Map<string, (a: number, b: number) => boolean>([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
]);

function equalTo(text: string, number: number | undefined): (value: string | number | boolean) => boolean {
  const open = text.startsWith('*');
  const close = text.length > 1 && text.endsWith('*');
  const middle = text.slice(open ? 1 : 0, close ? -1 : undefined);
  return (value) => {
    if (typeof value === 'number' && number !== undefined) return value === number;
    const given = String(value);
    if (open && close) return given.includes(middle);
    if (open) return given.endsWith(middle);
    return close ? given.startsWith(middle) : given === middle;
  };
}

function isComparable(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && NUMBER.test(value));
}
