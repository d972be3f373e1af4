import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type LogEvent, toEvents } from '../../../src/observability/cloudwatch/events.ts';

/** As PutLogEvents counts it. */
const sizeOfEvent = ({ message }: LogEvent) => Buffer.byteLength(message) + 26;

it('splits a line of any length between characters, into as few events as possible', () => {
  const text = fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 700_000 }))
    .map(([piece, bytes]) => piece.repeat(Math.ceil(bytes / Buffer.byteLength(piece))));
  fc.assert(
    fc.property(text, fc.nat(), (line, timestamp) => {
      const events = toEvents(line, timestamp);
      expect(events.map(({ message }) => message).join('') === line).toBe(true);
      for (const event of events) {
        expect(sizeOfEvent(event)).toBeLessThanOrEqual(256_000);
        expect(event.message.isWellFormed()).toBe(true);
        expect(event.timestamp).toBe(timestamp);
      }
      for (const event of events.slice(0, -1)) expect(sizeOfEvent(event)).toBeGreaterThan(256_000 - 4);
    }),
  );
});
