import { isKnown } from './names.ts';
import { trimEdges, trimStart } from './normalise.ts';
import { readValue } from './read-value.ts';

export interface DotEnv {
  readonly values: ReadonlyMap<string, string>;
  /** One sentence per line that cannot be read in exactly one way; none repeats a value. */
  readonly faults: readonly string[];
  /** Sentences about what is read, but probably not as meant. */
  readonly warnings: readonly string[];
}

const LINE_END = /\r*\n|\r/;
const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=(.*)$/s;

/** `set NAME=value`, `$env:NAME = value`, `NAME: value`, and a name without a value. */
const OTHER_SHELLS =
  /^(?:(?:set|setx|setenv|let|declare|export)\s+|\$env:|\$)?"?([A-Za-z_]\w*)"?\s*(?:[:=\s].*)?$/is;

/**
 * Parses the text of `.env`: `NAME=value` lines, in quotes or not, comments, blank lines. If a name occurs
 * more than once, the last one wins, as in Node and Compose. Node's own parser returns no errors: it loses
 * the variables of lines that it cannot read, and the line after an empty value.
 */
export function parseDotEnv(text: string): DotEnv {
  const lines = text.split(LINE_END);
  const values = new Map<string, string>();
  const faults: string[] = [];
  const warnings: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = trimStart(lines[index] ?? '');
    if (line === '' || line.startsWith('#')) continue;
    const place = `line ${index + 1} of .env`;
    const [, name, rest = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined) {
      faults.push(...malformed(trimEdges(line), place));
      continue;
    }
    const read = readValue(trimStart(rest), (more) => lines[index + more], isKnown(name));
    if ('fault' in read) {
      faults.push(isKnown(name) ? `${name} ${read.fault} in ${place}` : `${capital(place)} ${read.fault}`);
      continue;
    }
    if ((values.get(name) ?? read.value) !== read.value && isKnown(name)) {
      warnings.push(`${name} is set again in ${place}; the last one counts`);
    }
    values.set(name, read.value);
    index += read.moreLines;
  }
  return { values, faults, warnings };
}

/** A name without a value is Compose's for "as in the environment", which is always so here. */
function malformed(line: string, place: string): string[] {
  const name = OTHER_SHELLS.exec(line)?.[1];
  if (name !== undefined && isKnown(name)) return [`${name} must be written as ${name}=value in ${place}`];
  return /^[A-Za-z_]\w*$/.test(line) ? [] : [`${capital(place)} must be NAME=value, a comment or blank`];
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
