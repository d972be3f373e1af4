import { isKnown } from './names.ts';
import { trimEdges, trimStart } from './normalise.ts';
import { readValue } from './read-value.ts';

export interface DotEnv {
  readonly values: ReadonlyMap<string, string>;
  /** One sentence per line that may lose a variable of ours; none repeats a value. */
  readonly faults: readonly string[];
  /** Sentences about what is read, but probably not as meant. */
  readonly warnings: readonly string[];
}

const LINE_END = /\r*\n|\r/;
const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=(.*)$/s;

/** `set NAME=value`, `$env:NAME = value`, `NAME: value`, and a name without a value. */
const OTHER_SHELLS =
  /^(?:(?:set|setx|setenv|let|declare|export)\s+|\$env:|\$)?"?([A-Za-z_]\w*)"?\s*(?:[:=\s].*)?$/is;

/** What assigns a value in any notation, such as `- NAME=value` and `declare -x NAME=value`. */
const ASSIGNED = /([A-Za-z_]\w*)["']?\s*[+?:]?[=:]/g;

/** Names without values are Compose's and the shell's for "as it is", which is always so here. */
const BARE = /^(?:[A-Za-z_]\w*|export(?:\s+[A-Za-z_]\w*)+)$/;

/**
 * Parses the text of `.env`: `NAME=value` lines, in quotes or not, comments, blank lines. If a name occurs
 * more than once, the last one wins, as in Node and Compose. Node's own parser returns no errors: it loses
 * the variables of lines that it cannot read, and the line after an empty value. Only what may lose a
 * variable of ours is a fault: other programs share the file.
 */
export function parseDotEnv(text: string): DotEnv {
  const lines = text.split(LINE_END);
  const values = new Map<string, string>();
  const faults: string[] = [];
  const warnings: string[] = [];
  const ignored: number[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = trimStart(lines[index] ?? '');
    if (line === '' || line.startsWith('#')) continue;
    const place = `line ${index + 1} of .env`;
    const [, name, rest = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined) {
      const meant = assignedName(trimEdges(line));
      if (meant !== undefined) faults.push(`${meant} must be written as ${meant}=value in ${place}`);
      else if (!BARE.test(trimEdges(line))) ignored.push(index + 1);
      continue;
    }
    const read = readValue(rest, (more) => lines[index + more], isKnown(name));
    if ('fault' in read) {
      faults.push(
        isKnown(name) ? `${name} ${read.fault} in ${place}` : `Line ${index + 1} of .env ${read.fault}`,
      );
      continue;
    }
    if ((values.get(name) ?? read.value) !== read.value && isKnown(name)) {
      warnings.push(`${name} is set again in ${place}; the last one counts`);
    }
    values.set(name, read.value);
    index += read.moreLines;
  }
  return { values, faults, warnings: [...warnings, ...describeIgnored(ignored)] };
}

/** Returns the variable of ours to which a line that cannot be read probably assigns a value. */
function assignedName(line: string): string | undefined {
  if (BARE.test(line)) return undefined;
  const names = [OTHER_SHELLS.exec(line)?.[1], ...Array.from(line.matchAll(ASSIGNED), ([, name]) => name)];
  return names.find((name) => name !== undefined && isKnown(name));
}

function describeIgnored([first, ...more]: readonly number[]): string[] {
  if (first === undefined) return [];
  const others = more.length > 0 ? `, and ${more.length} more,` : '';
  return [`line ${first} of .env${others} is ignored: neither NAME=value nor a comment`];
}
