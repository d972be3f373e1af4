import type { Scrub } from '../../lib/scrub/scrub.ts';

/** Copies plain data with each of its texts scrubbed. The library has removed cycles and bounded the item. */
export function scrubDeep(value: object, scrub: Scrub): object {
  const copy = (member: unknown): unknown => {
    if (typeof member === 'string') return scrub(member);
    if (typeof member !== 'object' || member === null) return member;
    if (Array.isArray(member)) return member.map(copy);
    return Object.fromEntries(Object.entries(member).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as object;
}
