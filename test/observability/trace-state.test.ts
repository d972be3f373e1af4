import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallerState, parseTraceState, shortenTraceState } from '../../src/observability/trace-state.ts';

const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const VALUE = /^(?=.{1,256}$)[ -~]*[!-~]$/;

/** Returns `count` members of `length` characters. */
function list(count: number, length = 8): string {
  return Array.from({ length: count }, (_, n) =>
    `k${String(n).padStart(2, '0')}=`.padEnd(length, 'v'),
  ).join();
}

describe('a tracestate', () => {
  it.each([
    ['a list in its order', 'foo=1,bar=2', 'foo=1,bar=2'],
    ['an @ at the end of a key', 'foo@=1,bar=2', 'foo@=1,bar=2'],
    ['two @ in a row', 'foo@@bar=1', 'foo@@bar=1'],
    ['two @ apart', 'a@b@c=1', 'a@b@c=1'],
    ['a digit first', '0foo=1,1@v=2', '0foo=1,1@v=2'],
    ['the longest key', `${'z'.repeat(256)}=1`, `${'z'.repeat(256)}=1`],
    ['the longest value', `foo=${'v'.repeat(256)}`, `foo=${'v'.repeat(256)}`],
    ['spaces within a value and before it', 'foo=  a b', 'foo=  a b'],
    [
      'every character of a value',
      'foo= !"#$%&\'()*+-./:;<>?@[\\]^_`{|}~',
      'foo= !"#$%&\'()*+-./:;<>?@[\\]^_`{|}~',
    ],
    ['white space around members', ' foo=1 \t , \t bar=2\t', 'foo=1,bar=2'],
    ['empty members', ',foo=1, ,\t,bar=2,', 'foo=1,bar=2'],
    ['a key that occurs twice', 'foo=1,foo=2', 'foo=1,foo=2'],
    ['32 members', list(32), list(32)],
    ['32 members and empty ones', `,,${list(32)},,`, list(32)],
    ['several lines', ['foo=1,bar=2', '', 'baz=3'], 'foo=1,bar=2,baz=3'],
  ])('with %s is passed on', (_what, header, passedOn) => {
    expect(parseTraceState(header)?.join()).toBe(passedOn);
  });

  it.each([
    ['an @ at the start of a key', '@foo=1'],
    ['a key of 257', `${'z'.repeat(257)}=1`],
    ['a capital letter', 'Foo=1'],
    ['a dot in a key', 'foo.bar=1'],
    ['a space in a key', 'foo =1'],
    ['a key that starts with _', '_foo=1'],
    ['no key', '=1'],
    ['no value', 'foo='],
    ['a value of blanks', 'foo=  '],
    ['a second =', 'foo=bar=baz'],
    ['a value of 257', `foo=${'v'.repeat(257)}`],
    ['a tab in a value', 'foo=a\tb'],
    ['a letter beyond ASCII', 'foo=é'],
    ['no =', 'foo'],
    ['a space that is not ASCII', '\u00a0foo=1'],
    ['a line end', 'foo=1\n'],
  ])('with %s is discarded as a whole', (_what, member) => {
    expect(parseTraceState(member)).toBeUndefined();
    expect(parseTraceState(`bar=2,${member}`)).toBeUndefined();
    expect(parseTraceState([`bar=2,${member}`, 'baz=3'])).toBeUndefined();
  });

  it.each([
    ['33 members', list(33)],
    ['33 members on two lines', [list(32), 'more=1']],
    ['nothing', ''],
    ['commas only', ' , ,'],
    ['another type', 7],
  ])('of %s is discarded', (_what, header) => {
    expect(parseTraceState(header)).toBeUndefined();
  });

  it('of 32 members at their longest is passed on whole', () => {
    const longest = list(32, 'k00='.length + 256).replaceAll('=', `${'z'.repeat(253)}=`);
    expect(parseTraceState(longest)?.join()).toBe(longest);
  });

  it('of more than 2,048 characters loses long members in a span first, then the last ones', () => {
    const long = `long=${'x'.repeat(200)}`;
    const short = `${list(20, 64)},${long},${list(3, 64)}`;
    expect(shortenTraceState(`${long},${list(30, 64)}`)).toBe(list(30, 64));
    expect(shortenTraceState(short)).toBe(short);
    expect(shortenTraceState(list(32, 100))).toBe(list(20, 100));
    expect(shortenTraceState(list(32, 500))).toBe(list(4, 500));
  });

  it('of one blank run of 16 kB takes no time', () => {
    const start = performance.now();
    parseTraceState(`foo=1${' '.repeat(16_000)}é`);
    parseTraceState(','.repeat(16_000));
    expect(performance.now() - start).toBeLessThan(200);
  });

  it('yields valid members or none for any text', () => {
    const part = fc.oneof(
      fc.stringMatching(/^[a-z0-9@][a-z0-9_\-*/@]{0,8}=[ -~]{0,8}$/),
      fc.constantFrom('', ' ', '\t', 'foo=1', `${'z'.repeat(256)}=1`, `${'z'.repeat(257)}=1`),
      fc.string({ unit: 'binary' }),
    );
    const line = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(','));
    fc.assert(
      fc.property(fc.oneof(line, fc.array(line, { maxLength: 3 }), fc.anything()), (header) => {
        const members = parseTraceState(header);
        if (members === undefined) return;
        expect(members.length).toBeGreaterThan(0);
        expect(members.length).toBeLessThanOrEqual(32);
        expect(shortenTraceState(members.join()).length).toBeLessThanOrEqual(2048);
        for (const member of members) {
          const equals = member.indexOf('=');
          expect(member.slice(0, equals)).toMatch(KEY);
          expect(member.slice(equals + 1)).toMatch(VALUE);
          expect(member.slice(equals + 1)).not.toMatch(/[,=]/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a caller's state", () => {
  const own = { xrayTraceId: '1-6745ab12-c0ffee00c0ffee00c0ffee01', callerSpanId: undefined };
  const state = new CallerState(['foo=1', 'bar=2'], own);

  it('is read by key, and changed at its front', () => {
    expect([state.get('bar'), state.get('ba')]).toEqual(['2', undefined]);
    expect(state.set('bar', '3').serialize()).toBe('bar=3,foo=1');
    expect(state.unset('foo').serialize()).toBe('bar=2');
    expect(state.set('bar', '3').own).toBe(own);
    expect(state.unset('bar').own).toBe(own);
    expect(state.serialize()).toBe('foo=1,bar=2');
  });

  it('does not take what the grammar forbids', () => {
    expect(state.set('@bar', '3')).toBe(state);
    expect(state.set('bar', 'a=b')).toBe(state);
    const full = new CallerState(list(32).split(','));
    expect(full.set('more', '1')).toBe(full);
  });
});
