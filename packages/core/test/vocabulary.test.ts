// The vocabulary: order, limits, merging, bounded memory, odd tokens, plain data and damaged plain data.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareCodePoints,
  fitVocabulary,
  isUnrolledError,
  PADDING,
  UNKNOWN,
  Vocabulary,
  VocabularyBuilder,
} from '../src/index.ts';

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

describe('sequences that come in', () => {
  async function* later(...texts: string[]) {
    for (const text of texts) {
      await Promise.resolve();
      yield words(text);
    }
  }

  test('iterables and async iterables give the same, in one pass or more', async () => {
    const once = of(...words('a b a c c a')).build();
    expect((await fitVocabulary([words('a b a'), words('c c a')])).toJSON()).toEqual(once.toJSON());
    expect((await fitVocabulary(later('a b', 'a c c', 'a'))).toJSON()).toEqual(once.toJSON());
    const builder = await new VocabularyBuilder().partialFit(later('a b a'));
    expect((await builder.partialFit([words('c c a')])).build().toJSON()).toEqual(once.toJSON());
  });

  test('limits hold', async () => {
    const vocabulary = await fitVocabulary(later('a a b b c'), { minimumCount: 2, maximumSize: 1 });
    expect(vocabulary.tokens).toEqual(['a']);
  });

  test('a text in place of tokens is refused, not taken letter by letter', async () => {
    const refused = expect.objectContaining({
      code: 'TOKENS_INVALID',
      message: expect.stringContaining('Split texts with'),
    });
    expect(() => new VocabularyBuilder().add('the cat')).toThrow(refused);
    expect(() => new VocabularyBuilder().add([{ text: 'the' }] as never)).toThrow(refused);
    await expect(fitVocabulary(['the cat'])).rejects.toEqual(refused);
    await expect(fitVocabulary('the cat')).rejects.toEqual(refused);
  });
});

describe('bounded memory', () => {
  /** Few common tokens and many rare ones, as in language. */
  const corpus = fc.array(
    fc.nat(400).map((n) => `t${Math.floor((n * n) / 4000)}`),
    { maxLength: 400 },
  );
  const bound = fc.integer({ min: 2, max: 20 });
  const truth = (tokens: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
    return counts;
  };

  function expectHonest(builder: VocabularyBuilder, tokens: readonly string[], maximumTracked: number): void {
    const vocabulary = builder.build();
    const { countsLowBy = 0, occurrences, occurrencesForgotten = 0 } = vocabulary.report();
    const found = new Map(vocabulary.tokens.map((token, i) => [token, vocabulary.counts[i] as number]));
    expect(found.size).toBeLessThanOrEqual(maximumTracked);
    for (const [token, count] of truth(tokens)) {
      const counted = found.get(token) ?? 0;
      expect(counted).toBeLessThanOrEqual(count);
      expect(counted).toBeGreaterThanOrEqual(count - countsLowBy);
    }
    expect(occurrences + occurrencesForgotten).toBe(tokens.length);
  }

  test('counts are as low as the report says and no lower; kept and forgotten add up', () => {
    fc.assert(
      fc.property(corpus, bound, (tokens, maximumTracked) => {
        const builder = new VocabularyBuilder({ maximumTracked });
        for (const token of tokens) {
          builder.add([token]);
          expect(builder.toJSON().tokens.length).toBeLessThanOrEqual(maximumTracked);
        }
        expectHonest(builder, tokens, maximumTracked);
      }),
    );
  });

  test('so they are when parts are merged, bounded or not', () => {
    fc.assert(
      fc.property(corpus, corpus, bound, fc.option(bound, { nil: Infinity }), (a, b, first, second) => {
        const builder = new VocabularyBuilder({ maximumTracked: first }).add(a);
        expectHonest(builder.merge(new VocabularyBuilder({ maximumTracked: second }).add(b)), [...a, ...b], first);
        expectHonest(builder.merge(builder), [...a, ...b, ...a, ...b], first);
      }),
    );
  });

  test('a bound that is not reached costs nothing', () => {
    fc.assert(
      fc.property(corpus, (tokens) => {
        const builder = new VocabularyBuilder({ maximumTracked: Math.max(2, new Set(tokens).size) });
        expect(builder.add(tokens).build().toJSON()).toEqual(
          of(...tokens)
            .build()
            .toJSON(),
        );
      }),
    );
  });

  test('what is common is kept, and the vocabulary says what was forgotten', async () => {
    function* stream() {
      for (let i = 0; i < 200_000; i++) yield ['the', `rare${i}`, i % 3 === 0 ? 'cat' : 'dog'];
    }
    const vocabulary = await fitVocabulary(stream(), { maximumTracked: 1000, minimumCount: 1000 });
    expect(vocabulary.tokens).toEqual(['the', 'dog', 'cat']);
    expect(vocabulary.counts).toEqual([200_000, 133_333, 66_667]);
    const { tokensForgotten = 0, occurrencesForgotten, tokensBelowMinimum, countsLowBy } = vocabulary.report();
    expect(tokensForgotten + tokensBelowMinimum).toBe(200_000);
    expect(occurrencesForgotten).toBe(tokensForgotten);
    expect(countsLowBy).toBeLessThan(1000);
    expect(Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary))).report()).toEqual(vocabulary.report());
  });

  test.each([1, 0, 2.5, NaN])('a bound of %s is refused', (maximumTracked) => {
    expect(() => new VocabularyBuilder({ maximumTracked })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});

describe('counts that are saved', () => {
  test('go on as if they had not been, and are the same whatever the order', () => {
    const part = fc.array(anyToken);
    fc.assert(
      fc.property(part, part, fc.integer({ min: 2, max: 6 }), (a, b, maximumTracked) => {
        for (const counting of [{}, { maximumTracked }]) {
          const whole = new VocabularyBuilder(counting).add(a);
          const read = VocabularyBuilder.fromJSON(JSON.parse(JSON.stringify(whole)));
          expect(read.add(b).toJSON()).toEqual(whole.add(b).toJSON());
        }
        expect(of(...a, ...b).toJSON()).toEqual(of(...[...b, ...a].reverse()).toJSON());
      }),
    );
  });

  const good = of('a', 'b').toJSON();
  test.each([
    ['null', null, /null, not an object/],
    ['no missed', { ...good, missed: [1] }, /2 tokens, but what they missed is an array of 1/],
    ['a fraction missed', { ...good, missed: [0, 0.5] }, /what token "b" missed is 0.5/],
    ['nothing forgotten', { ...good, forgotten: null }, /what it forgot is null/],
    ['a wrong bound', { ...good, maximumTracked: '9' }, /its bound is "9"/],
    ['a bound of 1', { ...good, maximumTracked: 1 }, /its bound is 1/],
    ['a token twice', { ...good, tokens: ['a', 'a'] }, /"a" twice/],
  ])('%s is refused', (_, data, message) => {
    expect(() => VocabularyBuilder.fromJSON(data)).toThrow(
      expect.objectContaining({ code: 'MODEL_CORRUPT', message: expect.stringMatching(message) }),
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
    ['forgetting a text', { ...good, forgotten: { tokens: 1, occurrences: '2', atMost: 1 } }, /occurrences is "2"/],
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
