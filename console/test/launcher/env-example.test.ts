import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { readOptions } from '../../src/options.ts';

it('.env.example lists each variable of the console with its default', () => {
  const example = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8');
  const all = parseEnv(example.replaceAll(/^# (?=CONSOLE_[A-Z_]*=)/gm, ''));
  expect(readOptions(all, [])).toEqual(readOptions({}, []));

  const listed = Object.keys(all).filter((name) => name.startsWith('CONSOLE_'));
  const wrong = Object.fromEntries(listed.map((name) => [name, 'hush hush']));
  for (const name of listed.filter((each) => each !== 'CONSOLE_HOST'))
    expect(() => readOptions(wrong, [])).toThrow(`${name} must be`);
  expect(listed).toHaveLength(5);
});
