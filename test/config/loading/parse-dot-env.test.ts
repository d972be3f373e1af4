import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDotEnv } from '../../../src/config/loading/parse-dot-env.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB+/==\nQ==\n-----END CERTIFICATE-----';

describe('the lines of .env', () => {
  it.each<[text: string, values: Record<string, string>]>([
    ['PORT=1\nHOST=a', { PORT: '1', HOST: 'a' }],
    ['PORT=1\r\nHOST=a\r\n', { PORT: '1', HOST: 'a' }],
    ['PORT=1\r\r\nHOST=a', { PORT: '1', HOST: 'a' }],
    ['PORT=1\rHOST=a', { PORT: '1', HOST: 'a' }],
    ['  PORT\t=\t1\t', { PORT: '1' }],
    ['\u00a0PORT=\u00a01\u200b\n\ufeffHOST=a', { PORT: '1', HOST: 'a' }],
    ['export PORT=1\nexport\tHOST=a', { PORT: '1', HOST: 'a' }],
    ['PORT=1 # the port\nHOST=a\t# it\'s "here"', { PORT: '1', HOST: 'a' }],
    ['# PORT=1\n  #HOST=a\n\n', {}],
    ['PORT=\nHOST= \nLOG_LEVEL=info', { PORT: '', HOST: '', LOG_LEVEL: 'info' }],
    ['PORT= # none\nHOST=""', { PORT: '', HOST: '' }],
    [`A="x" # c\nB='y'#c\nC=\`z\``, { A: 'x', B: 'y', C: 'z' }],
    [`A='it"s # $HOME \\n'\nB="it's # here"\nC=it's`, { A: 'it"s # $HOME \\n', B: "it's # here", C: "it's" }],
    ['A="l1\\nl2"\nB="l1\nl2"\nC=`l1\r\nl2`', { A: 'l1\nl2', B: 'l1\nl2', C: 'l1\nl2' }],
    [`PORT=1\nA="${PEM}"\nHOST=a`, { PORT: '1', A: PEM, HOST: 'a' }],
    ['PORT=1\nPORT=2', { PORT: '2' }],
    ['A==x=\nB.c-d=e', { A: '=x=', 'B.c-d': 'e' }],
    ['__proto__=1\nconstructor=2', { ['__proto__']: '1', constructor: '2' }],
    // As they are in the environment.
    ['PORT\nexport HOST\nexport PORT LOG_LEVEL\nFLAG', {}],
    // Of other programs, read as Node reads them.
    ['COLOUR=#fff\nTHEIRS=a#b$c', { COLOUR: '', THEIRS: 'a#b$c' }],
    [`A="x";\nB='it'\\''s'\nC="a" "b"\nPORT=1`, { A: 'x', B: 'it', C: 'a', PORT: '1' }],
    ['A="open\nB=`open\nPORT=1', { A: '"open', B: '`open', PORT: '1' }],
    ['A=C:\\new\nB={"a": "b"}\nC=\'{"a": "#"}\'', { A: 'C:\\new', B: '{"a": "b"}', C: '{"a": "#"}' }],
    [`A=\ufffd\n# \ufffd\nB="\ufffd"`, { A: '\ufffd', B: '\ufffd' }],
    ['', {}],
  ])('%j are read', (text, values) => {
    const { values: read, faults } = parseDotEnv(text);
    expect(faults).toEqual([]);
    expect([...read]).toEqual(Object.entries(values));
  });

  it.each([
    ['PORT: 1', 'PORT must be written as PORT=value in line 1 of .env'],
    ['- PORT=1', 'PORT must be written as PORT=value in line 1 of .env'],
    ['declare -x PORT="1"', 'PORT must be written as PORT=value in line 1 of .env'],
    ['A=1\n+PORT=1', 'PORT must be written as PORT=value in line 2 of .env'],
    ['PORT += 1', 'PORT must be written as PORT=value in line 1 of .env'],
    ['\n"PORT": "1",', 'PORT must be written as PORT=value in line 2 of .env'],
    ['PORT 1', 'PORT must be written as PORT=value in line 1 of .env'],
    ['set PORT=1', 'PORT must be written as PORT=value in line 1 of .env'],
    ['SET "PORT=1"', 'PORT must be written as PORT=value in line 1 of .env'],
    ['setx PORT 1', 'PORT must be written as PORT=value in line 1 of .env'],
    ['$env:PORT = "1"', 'PORT must be written as PORT=value in line 1 of .env'],
    ['$Env:PORT="1"', 'PORT must be written as PORT=value in line 1 of .env'],
    ['PORT="1', 'PORT must have a closing quote: it begins with one in line 1 of .env'],
    ["PORT='1\nHOST='a'", 'PORT must have a closing quote: it begins with one in line 1 of .env'],
    ['A="1\nPORT="2"', 'Line 1 of .env must have a closing quote: it begins with one'],
    ['HOST=hush\ufffd', 'HOST must be in UTF-8, which some of its bytes are not, in line 1 of .env'],
    ["HOST='it's'", 'HOST must end at its closing quote, or have other quotes around it, in line 1 of .env'],
    ['HOST="a"b', 'HOST must end at its closing quote, or have other quotes around it, in line 1 of .env'],
    [
      'DATABASE_PASSWORD=hush#hush',
      'DATABASE_PASSWORD must be in quotes, or have a blank before its comment: it contains # and is in line 1 of .env',
    ],
    [
      'DATABASE_PASSWORD=#hush',
      'DATABASE_PASSWORD must be in quotes, or have a blank before its comment: it contains # and is in line 1 of .env',
    ],
    [
      'DATABASE_PASSWORD=hu$hush',
      'DATABASE_PASSWORD must be in single quotes, because variables such as $NAME are not replaced, in line 1 of .env',
    ],
    [
      'DATABASE_PASSWORD=hush$$1',
      'DATABASE_PASSWORD must be in single quotes, because variables such as $NAME are not replaced, in line 1 of .env',
    ],
    [
      'DATABASE_PASSWORD="$(hush)"',
      'DATABASE_PASSWORD must be in single quotes, because variables such as $NAME are not replaced, in line 1 of .env',
    ],
    [
      `DATABASE_URL="postgres://$${'{HUSH}'}@host"`,
      'DATABASE_URL must be in single quotes, because variables such as $NAME are not replaced, in line 1 of .env',
    ],
    [
      'DATABASE_PASSWORD="a\\"b"',
      'DATABASE_PASSWORD must be in single quotes, because of its backslash, in line 1 of .env',
    ],
  ])('%j are refused', (text, fault) => {
    const { faults } = parseDotEnv(text);
    expect(faults[0]).toBe(fault);
    expect(faults.join()).not.toContain('hush');
  });

  it('are counted from 1, and each bad one is told', () => {
    expect(parseDotEnv('# a\r\nPORT: 1\r\nHOST=a\r\n\r\nLOG_LEVEL: info').faults).toEqual([
      'PORT must be written as PORT=value in line 2 of .env',
      'LOG_LEVEL must be written as LOG_LEVEL=value in line 5 of .env',
    ]);
  });

  it('with the same name are a warning', () => {
    expect(parseDotEnv('PORT=1\nHOST=a\nPORT=2\nA=1\nA=2\nHOST=a').warnings).toEqual([
      'PORT is set again in line 3 of .env; the last one counts',
    ]);
  });

  it.each([
    '<<<<<<< HEAD',
    '; hush',
    '// hush',
    '[hush]',
    '=hush',
    'hush hush',
    'A: hush',
    'set A=hush',
    '"A"="hush"',
  ])('%j of other programs is a warning', (text) => {
    const { values, faults, warnings } = parseDotEnv(`PORT=1\n${text}`);
    expect({ values: [...values], faults, warnings }).toEqual({
      values: [['PORT', '1']],
      faults: [],
      warnings: ['line 2 of .env is ignored: neither NAME=value nor a comment'],
    });
    expect(parseDotEnv(`${text}\n${text}\n${text}`).warnings).toEqual([
      'line 1 of .env, and 2 more, is ignored: neither NAME=value nor a comment',
    ]);
  });

  it('have values of at most 501 lines', () => {
    expect(parseDotEnv(`PORT="${'\n'.repeat(500)}"`).faults).toEqual([]);
    expect(parseDotEnv(`PORT="${'\n'.repeat(501)}"`).faults[0]).toContain('must have a closing quote');
  });

  it('are read as Node reads them, where both ways are the same', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
    const value = fc.oneof(
      fc.stringMatching(/^[\w:/.=@-]{1,12}$/),
      fc.stringMatching(/^'[\w #"$=]{0,12}'$/),
      fc.stringMatching(/^"[\w #'=\n]{0,12}"$/),
    );
    const line = fc.tuple(name, value).map(([left, right]) => `${left}=${right}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.constantFrom('', '# it', '  '))), (lines) => {
        const text = lines.join('\n');
        const { values, faults } = parseDotEnv(text);
        expect(faults).toEqual([]);
        expect(Object.fromEntries(values)).toEqual(parseEnv(text));
      }),
    );
  });
});
