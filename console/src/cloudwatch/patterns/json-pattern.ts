import { parseLogFields } from '../../journal/log-fields.ts';
import { invalidParameter } from '../aws-error.ts';
import { type Condition, parseComparison, parseSelector } from './json-condition.ts';

const TOKEN =
  /\s*(&&|\|\||!=|<=|>=|[()=<>]|\$(?:\.[\w-]+|\.?\[(?:\d+|'[^']*'|"[^"]*")\])*|"(?:[^"\\]|\\.)*"|[\w.*+-]+)/y;

const CONSTANTS = new Map<string, unknown>([
  ['NULL', null],
  ['TRUE', true],
  ['FALSE', false],
]);

/**
 * Parses conditions on the fields of messages that are JSON objects:
 * `{ $.status >= 500 && ($.method = "GET" || $.path = "/api/*") }`. `&&` binds closer than `||`.
 */
export function parseJsonPattern(pattern: string): (message: string) => boolean {
  if (!pattern.endsWith('}')) {
    throw invalidParameter("If a filter pattern starts with '{' it must end with '}'");
  }
  const tokens = readTokens(pattern.slice(1, -1).trim());
  let next = 0;

  const take = () => tokens[next++] ?? '';
  const takeIf = (token: string) => tokens[next] === token && take() === token;
  const expect = (token: string) => takeIf(token) || fail(tokens[next]);

  function either(): Condition {
    const conditions = [both()];
    while (takeIf('||')) conditions.push(both());
    return (fields) => conditions.some((condition) => condition(fields));
  }

  function both(): Condition {
    const conditions = [one()];
    while (takeIf('&&')) conditions.push(one());
    return (fields) => conditions.every((condition) => condition(fields));
  }

  function one(): Condition {
    if (!takeIf('(')) return condition();
    const inner = either();
    expect(')');
    return inner;
  }

  function condition(): Condition {
    const select = parseSelector(take()) ?? fail(tokens[next - 1]);
    if (takeIf('NOT')) {
      expect('EXISTS');
      return (fields) => select(fields) === undefined;
    }
    if (takeIf('IS')) {
      const constant = CONSTANTS.has(tokens[next] ?? '') ? CONSTANTS.get(take()) : fail(tokens[next]);
      return (fields) => select(fields) === constant;
    }
    const operator = take();
    const compare = parseComparison(operator, take()) ?? fail(tokens[next - 1]);
    return (fields) => compare(select(fields));
  }

  const matches = either();
  if (next < tokens.length) fail(tokens[next]);
  return (message) => {
    const fields = parseLogFields(message);
    return fields !== undefined && matches(fields);
  };
}

function readTokens(text: string): string[] {
  const tokens = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return fail(text.slice(at).trim());
    tokens.push(token);
  }
  return tokens;
}

function fail(token: string | undefined): never {
  const place = token === undefined ? 'at its end' : `at '${token}'`;
  throw invalidParameter(`Invalid filter pattern: it cannot be read ${place}`);
}
