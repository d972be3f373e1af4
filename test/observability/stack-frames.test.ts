import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseStack } from '../../src/observability/stack-frames.ts';

/** Absolute POSIX paths with all characters that a URL escapes, except line ends. */
const path = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 })
  .map((parts) => `/${parts.join('/')}`)
  .map((text) => new URL(pathToFileURL(text)).pathname)
  .map((pathname) => decodeURIComponent(pathname))
  .filter((text) => !/[\n\r\u2028\u2029]/.test(text) && !/^\/[a-z]:/i.test(text));

const position = fc.tuple(fc.nat(), fc.nat()).map(([line, column]) => `:${line}:${column}`);

const frame = fc.constantFrom<(place: string) => string>(
  (place) => `    at ${place}`,
  (place) => `    at async ${place}`,
  (place) => `    at new Activity (${place})`,
  (place) => `    at Object.<anonymous> [as home] (${place})`,
  (place) => `    at eval (eval at run (${place}), <anonymous>:1:1)`,
);

describe('normaliseStack', () => {
  it('replaces the URL of any file by its path, in every kind of frame', () => {
    fc.assert(
      fc.property(path, position, frame, (file, at, inFrame) => {
        const stack = `Error: x\n${inFrame(pathToFileURL(file).href + at)}\n    at node:internal/main:1:2`;
        const plain = `Error: x\n${inFrame(file + at)}\n    at node:internal/main:1:2`;
        expect(normaliseStack(stack)).toBe(plain);
      }),
    );
  });

  it('leaves text without such a frame unchanged', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('file:///'));
        expect(normaliseStack(text)).toBe(text);
      }),
    );
    const message = 'TypeError: cannot load file:///etc/hosts:1:2\n    at run (/app/main.ts:1:2)';
    expect(normaliseStack(message)).toBe(message);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(path, position, frame, (file, at, inFrame) => {
        const once = normaliseStack(`Error\n${inFrame(pathToFileURL(file).href + at)}`);
        expect(normaliseStack(once)).toBe(once);
      }),
    );
  });

  it('handles drive letters, and drops the query of a module', () => {
    expect(normaliseStack('Error\n    at f (file:///C:/my%20app/main.ts:3:7)')).toBe(
      'Error\n    at f (C:\\my app\\main.ts:3:7)',
    );
    expect(normaliseStack('Error\n    at file:///app/main.ts?v=2#x:3:7')).toBe(
      'Error\n    at /app/main.ts:3:7',
    );
  });

  it.each(['file:///app/a%2Fb.ts:1:2', 'file:///app/%E0%A4%A.ts:1:2', 'file:///app/a%0Ab.ts:1:2'])(
    'leaves %s unchanged, which names no file that fits in a line',
    (place) => {
      expect(normaliseStack(`Error\n    at ${place}`)).toBe(`Error\n    at ${place}`);
    },
  );
});
