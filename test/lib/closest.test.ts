import { expect, it } from 'vitest';
import { closest } from '../../src/lib/closest.ts';

it.each([
  ['kitten', ['mitten', 'sitting'], 'mitten'],
  ['kittne', ['kitten'], 'kitten'],
  ['kiten', ['kitten'], 'kitten'],
  ['kittens', ['kitten'], 'kitten'],
  ['kitten', ['mittens'], 'mittens'],
  ['kitten', ['sitting'], undefined],
  ['', ['ab'], 'ab'],
  ['', [], undefined],
  ['kitten', ['kitten', 'mitten'], 'kitten'],
])('the closest to "%s" of %j is %s', (text, candidates, expected) => {
  expect(closest(text, candidates, 2)).toBe(expected);
});

it('a text of more than 64 characters is close to nothing', () => {
  expect(closest('a'.repeat(64), ['a'.repeat(64)], 2)).toBe('a'.repeat(64));
  expect(closest('a'.repeat(65), ['a'.repeat(65)], 2)).toBeUndefined();
});
