import fc from 'fast-check';
import { expect, it } from 'vitest';
import { serialisePage } from '../../src/http/serialise-page.ts';

const NEXT = { createdAt: '2026-01-01T00:00:00.000Z', uuid: '00000000-0000-4000-8000-000000000000' };

it('sends as many of the first rows as fit, and at least one', () => {
  const rowsOf = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 20 });
  fc.assert(
    fc.property(rowsOf, fc.integer({ min: 2, max: 2000 }), (texts, maxBytes) => {
      const rows = texts.map((text, index) => ({ created_at: `${index}`, uuid: `${index}`, text }));
      const { json, next } = serialisePage({ rows, next: NEXT }, maxBytes);
      const sent = JSON.parse(json).length;
      expect(json).toBe(JSON.stringify(rows.slice(0, sent)));
      if (sent > 1 || rows.length === 0) expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maxBytes);
      if (sent === rows.length) {
        expect(next).toBe(NEXT);
      } else {
        expect(sent).toBeGreaterThan(0);
        expect(next).toEqual({ createdAt: `${sent - 1}`, uuid: `${sent - 1}` });
        expect(Buffer.byteLength(JSON.stringify(rows.slice(0, sent + 1)))).toBeGreaterThan(maxBytes);
      }
    }),
  );
});
