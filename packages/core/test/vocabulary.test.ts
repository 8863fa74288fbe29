// The vocabulary: order, limits, merging, odd tokens, plain data and damaged plain data.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCodePoints, isUnrolledError, PADDING, UNKNOWN, Vocabulary, VocabularyBuilder } from '../src/index.ts';

const of = (...tokens: string[]) => new VocabularyBuilder().add(tokens);
const words = (text: string) => text.split(' ');

describe('order and limits', () => {
  test('by count descending, ties by code point; 0 is padding and 1 unknown', () => {
    const vocabulary = new VocabularyBuilder().add(words('the cat sat on the mat')).build();
    expect(vocabulary.tokens).toEqual(['the', 'cat', 'mat', 'on', 'sat']);
    expect(vocabulary.counts).toEqual([2, 1, 1, 1, 1]);
    expect(vocabulary.size).toBe(7);
    expect([PADDING, UNKNOWN, vocabulary.idOf('the'), vocabulary.idOf('dog')]).toEqual([0, 1, 2, 1]);
  });

  test('ties are by code point, not by UTF-16 unit or locale', () => {
    expect(of('é', 'z', 'Z', 'a', '\u{1F600}', '\uFF5E', '').build().tokens).toEqual([
      '',
      'Z',
      'a',
      'z',
      'é',
      '\uFF5E',
      '\u{1F600}',
    ]);
  });

  test('the minimum count and the maximum size say what they cost', () => {
    const counted = of(...words('a a a a b b b c c d d e f'));
    expect(counted.build({ minimumCount: 2, maximumSize: 3 }).report()).toEqual({
      tokens: 3,
      occurrences: 9,
      tokensBelowMinimum: 2,
      occurrencesBelowMinimum: 2,
      tokensBeyondMaximum: 1,
      occurrencesBeyondMaximum: 2,
    });
    expect(counted.build({ minimumCount: 2, maximumSize: 3 }).tokens).toEqual(['a', 'b', 'c']);
    expect(counted.build({ maximumSize: 0 }).size).toBe(2);
    expect(counted.build({ minimumCount: 100 }).report().occurrencesBelowMinimum).toBe(13);
    expect(new VocabularyBuilder().build().size).toBe(2);
  });

  test.each([{ minimumCount: 0 }, { minimumCount: 1.5 }, { maximumSize: -1 }, { maximumSize: NaN }])(
    '%o is refused',
    (limits) => {
      expect(() => of('a').build(limits)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    },
  );
});

const anyToken = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString',
    '\uD800',
    '\uDC00',
    '\uD83D\uDE00',
    '0',
    ' ',
  ),
);

describe('properties', () => {
  test('merged parts equal one pass, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(anyToken), fc.array(anyToken), fc.array(anyToken), (a, b, c) => {
        const once = of(...a, ...b, ...c).build({ minimumCount: 2, maximumSize: 5 });
        const merged = of(...c)
          .merge(of(...a).merge(of(...b)))
          .build({ minimumCount: 2, maximumSize: 5 });
        expect(merged.toJSON()).toEqual(once.toJSON());
      }),
    );
  });

  test('what is encoded decodes, and comes back from JSON', () => {
    fc.assert(
      fc.property(fc.array(anyToken), (tokens) => {
        const vocabulary = of(...tokens).build();
        const { ids, unknown, truncated } = vocabulary.encode(tokens);
        expect([unknown, truncated]).toEqual([0, 0]);
        expect(vocabulary.decode(ids)).toEqual(tokens);
        const read = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
        expect(read.toJSON()).toEqual(vocabulary.toJSON());
        expect(read.encode(tokens).ids).toEqual(ids);
      }),
    );
  });

  test('a builder merged into itself counts twice', () => {
    const builder = of('a', 'b', 'a');
    expect(builder.merge(builder).build().counts).toEqual([4, 2]);
  });

  test('the order by code point is that of the code points', () => {
    fc.assert(
      fc.property(anyToken, anyToken, (a, b) => {
        const points = (text: string) => Array.from(text, (character) => character.codePointAt(0) as number);
        const [x, y] = [points(a), points(b)];
        let i = 0;
        while (i < x.length && x[i] === y[i]) i++;
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign((x[i] ?? -1) - (y[i] ?? -1)));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('encoding', () => {
  const vocabulary = of('a', 'a', 'b').build();

  test('unknown tokens are counted, names of Object.prototype too', () => {
    const tokens = ['a', '__proto__', 'constructor', 'b'];
    expect(vocabulary.encode(tokens)).toEqual({ ids: Int32Array.of(2, 1, 1, 3), unknown: 2, truncated: 0 });
  });

  test('a maximum length cuts the end', () => {
    expect(vocabulary.encode(['b', 'x', 'a', 'x'], { maximumLength: 2 })).toEqual({
      ids: Int32Array.of(3, 1),
      unknown: 1,
      truncated: 2,
    });
    expect(vocabulary.encode(['a'], { maximumLength: 2 }).truncated).toBe(0);
  });

  test('decoding leaves padding out and names a number that is none', () => {
    expect(vocabulary.decode([2, 0, 1, 3])).toEqual(['a', '<unknown>', 'b']);
    expect(vocabulary.decode([1], '?')).toEqual(['?']);
    for (const id of [4, -1, 2.5, NaN])
      expect(() => vocabulary.decode([id])).toThrow(expect.objectContaining({ code: 'TOKEN_ID_INVALID' }));
  });
});

describe('damaged data', () => {
  const good = { ...of('a', 'b').build().toJSON() };

  test.each([
    ['null', null, /null, not an object/],
    ['an array', [], /an array of 0, not an object/],
    ['no tokens', { ...good, tokens: undefined }, /tokens are undefined/],
    ['a number as token', { ...good, tokens: ['a', 1] }, /token 1 is 1, not a text/],
    ['a token twice', { ...good, tokens: ['a', 'a'] }, /"a" twice/],
    ['too few counts', { ...good, counts: [1] }, /2 tokens, but its counts are an array of 1/],
    ['a count of 0', { ...good, counts: [1, 0] }, /count of token "b" is 0/],
    ['a fraction', { ...good, counts: [1.5, 1] }, /count of token "a" is 1.5/],
    ['nothing lost', { ...good, lost: undefined }, /lost is undefined/],
    ['a negative loss', { ...good, lost: { ...good.lost, tokensBelowMinimum: -1 } }, /tokensBelowMinimum is -1/],
  ])('%s', (_, data, message) => {
    expect(() => Vocabulary.fromJSON(data)).toThrow(
      expect.objectContaining({ code: 'MODEL_CORRUPT', message: expect.stringMatching(message) }),
    );
  });

  test('anything else is refused with the same code or read whole', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.record({ tokens: fc.jsonValue(), counts: fc.jsonValue(), lost: fc.jsonValue() })),
        (data) => {
          try {
            expect(Vocabulary.fromJSON(data).toJSON()).toEqual(data);
          } catch (error) {
            expect(isUnrolledError(error, 'MODEL_CORRUPT')).toBe(true);
          }
        },
      ),
    );
  });
});
