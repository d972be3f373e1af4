import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionsIn } from '../../src/activities/mentions.ts';

describe('the mentions', () => {
  it.each([
    ['@worf', ['worf']],
    ['Thanks, @worf!', ['worf']],
    ['(@worf), @garek.', ['worf', 'garek']],
    ['@Worf and @WORF', ['worf']],
    ['@worf@empire.example', ['worf']],
    ['@worf-like', ['worf']],
    ['worf', []],
    ['me@worf', []],
    ['me@worf.example', []],
    ['é@worf', []],
    ['@worfé', []],
    ['e\u0301@worf', []],
    ['@worfe\u0301', []],
    ['@worf\u0301', []],
    ['❤\ufe0f@worf', ['worf']],
    ['@worf❤\ufe0f', ['worf']],
    ['@wor\u017f', []],
    ['@\u212albingon', []],
    ['@', []],
    [`@${'x'.repeat(31)}`, []],
  ])('of %j are %j', (text, handles) => {
    expect(mentionsIn(text)).toEqual(handles);
  });

  it('include every handle between spaces', () => {
    const handle = fc.stringMatching(/^[a-z0-9_]{1,30}$/);
    fc.assert(
      fc.property(fc.string(), handle, fc.string(), (before, name, after) => {
        expect(mentionsIn(`${before} @${name} ${after}`)).toContain(name);
      }),
    );
  });
});
