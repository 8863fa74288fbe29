// What counts as a word, where it stands, and that no string breaks it.

import { isUnrolledError } from '@unrolled/core';
import { words, wordsTokenizer } from '@unrolled/tokenizer-words';
import fc from 'fast-check';
import { eng, porBr } from 'stopword';
import { describe, expect, test } from 'vitest';

const texts = (text: string, options?: Parameters<typeof wordsTokenizer>[0]) =>
  wordsTokenizer(options)
    .tokenize(text)
    .map((token) => token.text);

describe('what is one word', () => {
  test('letters, digits, marks and underscores', () => {
    expect(texts('Não há coração: o São João é às 10h em Águeda.')).toEqual(
      'não há coração o são joão é às 10h em águeda'.split(' '),
    );
    expect(texts('snake_case _x 3d')).toEqual(['snake_case', '_x', '3d']);
    expect(texts('हिन्दी में')).toEqual(['हिन्दी', 'में']);
    expect(texts('می\u200cخواهم')).toEqual(['می\u200cخواهم']);
    expect(texts('𝒳𝒴 𐐀𐐁')).toEqual(['𝒳𝒴', '𐐨𐐩']);
  });

  test.each([
    'guarda-chuva',
    'dá-lhe',
    "d'água",
    "don't",
    "l'été",
    "п'ять",
    'well-known',
    "rock'n'roll",
    "mother-in-law's",
  ])('a hyphen or apostrophe inside: %s', (word) => expect(texts(`(${word})`)).toEqual([word]));

  test.each([
    ['l’été', "l'été"],
    ['п\u02bcять', "п'ять"],
    ['well\u2010known', 'well-known'],
    ['non\u2011breaking', 'non-breaking'],
    ['guarda\u00ad-chu\u00advas', 'guarda-chuvas'],
    ['e\u00ad\u0301ter', 'éter'],
    ['Mother’s-\u00adday', "mother's"],
  ])('the same word however its apostrophe or hyphen was typed: %s', (typed, word) => {
    expect(texts(`(${typed})`)[0]).toBe(word);
    expect(texts(`(${typed})`, { punctuation: 'keep' })[1]).toBe(word);
  });

  test('contractions are not expanded', () => {
    expect(texts("He won't, dá-lhe, I'm, del'")).toEqual(['he', "won't", 'dá-lhe', "i'm", 'del']);
  });

  test('a hyphen or apostrophe at an edge, doubled, or before a mark is outside', () => {
    expect(texts("'tis dogs' -5 a- 'quoted'")).toEqual(['tis', 'dogs', '5', 'a', 'quoted']);
    expect(texts('well--known it-’s')).toEqual(['well', 'known', 'it', 's']);
    expect(texts('a-\u0301b')).toEqual(['a', 'b']);
  });

  test('options split there', () => {
    expect(texts("guarda-chuva d'água", { splitHyphens: true })).toEqual(['guarda', 'chuva', "d'água"]);
    expect(texts("guarda-chuva d'água п\u02bcять", { splitApostrophes: true })).toEqual([
      'guarda-chuva',
      'd',
      'água',
      'п',
      'ять',
    ]);
  });

  test('case is kept on request', () => {
    expect(texts('The CAT', { lowercase: false })).toEqual(['The', 'CAT']);
  });

  test('nothing is left of nothing', () => {
    for (const text of ['', ' \t\n', '...!?', '\0\ud800 \udc00', '\u0301']) expect(texts(text)).toEqual([]);
  });
});

describe('punctuation kept', () => {
  test('each visible character is a token', () => {
    expect(texts('Wow... "no", 5€ = x!', { punctuation: 'keep' })).toEqual([
      'wow',
      '.',
      '.',
      '.',
      '"',
      'no',
      '"',
      ',',
      '5',
      '€',
      '=',
      'x',
      '!',
    ]);
    expect(texts("'a-b'-", { punctuation: 'keep' })).toEqual(["'", 'a-b', "'", '-']);
  });

  test('an emoji is one token with its skin tone, joined parts and flag letters', () => {
    const emoji = ['👍🏽', '👩‍👧', '❤️', '🇵🇹', '🇧🇷', '🙂'];
    expect(texts(emoji.join(''), { punctuation: 'keep' })).toEqual(emoji);
  });

  test('control characters, formats and halves of pairs are gaps', () => {
    expect(texts('a\0b\ud83dc\u202e', { punctuation: 'keep' })).toEqual(['a', 'b', 'c']);
  });

  test('joins back to text that reads well', () => {
    const { tokenize, detokenize } = wordsTokenizer({ punctuation: 'keep', lowercase: false });
    for (const text of ['The cat sat (on the mat), twice.', '“Não!”, disse ela; «sim».', '¿Qué? 50% …'])
      expect(detokenize?.(tokenize(text).map((token) => token.text))).toBe(text.replace(' …', '…'));
  });
});

test('punctuation that is kept stays as it was typed', () => {
  expect(texts('‘it’s’ \u00ad ‑ !\u00ad', { punctuation: 'keep' })).toEqual(['‘', "it's", '’', '‑', '!']);
});

describe('accents', () => {
  const folded = (text: string) => texts(text, { accents: 'fold' });

  test('leave Latin and Greek letters', () => {
    expect(folded('São João à água É a\u0303 Ångström naïve Tiếng ΐ Άλφα')).toEqual(
      'sao joao a agua e a angstrom naive tieng ι αλφα'.split(' '),
    );
  });

  test('do not leave where they make another letter, nor where they are vowels', () => {
    const kept = 'ø ł đ ß æ й ё ї が हिन्दी ที่ עִברִית 한국어'.split(' ');
    expect(folded(kept.join(' '))).toEqual(kept.map((word) => word.normalize('NFC')));
  });

  test('leave the spans where they were', () => {
    expect(wordsTokenizer({ accents: 'fold', lowercase: false }).tokenize('a\u0303 É')).toEqual([
      { text: 'a', start: 0, end: 2 },
      { text: 'E', start: 3, end: 4 },
    ]);
  });
});

describe('stop words', () => {
  const without = (text: string, stopWords: readonly string[], options = {}) => texts(text, { stopWords, ...options });

  test('leave, and the others keep their spans', () => {
    expect(wordsTokenizer({ stopWords: ['the', 'is', 'not', 'on'] }).tokenize('The cat is not on the mat')).toEqual([
      { text: 'cat', start: 4, end: 7 },
      { text: 'mat', start: 22, end: 25 },
    ]);
  });

  test('match in whatever case, Unicode form, apostrophe or accent the tokens are taken for the same', () => {
    expect(without('THE the É é', ['The', 'e\u0301'])).toEqual([]);
    expect(without('don’t go', ["don't"])).toEqual(['go']);
    expect(without("don't go", ['don’t'])).toEqual(['go']);
    expect(without('São sao', ['são'], { accents: 'fold' })).toEqual([]);
    expect(without('São sao', ['são'])).toEqual(['sao']);
    expect(without('The the', ['the'], { lowercase: false })).toEqual(['The']);
  });

  test('match whole words alone; an entry of several words or of none matches nothing', () => {
    expect(without('them de que', ['the', 'de que', '', '!'])).toEqual(['them', 'de', 'que']);
    expect(without('constructor __proto__', ['toString'])).toEqual(['constructor', '__proto__']);
  });

  test('of the package stopword, in Portuguese and English', () => {
    expect(without('O gato não está em cima do tapete', porBr)).toEqual(['gato', 'tapete']);
    expect(without('The cat is not on the mat', eng)).toEqual(['cat', 'not', 'mat']);
  });

  test.each([['the'], [{}], [null], [['a', 1]]])('%j is no list of words', (stopWords) => {
    expect(() => wordsTokenizer({ stopWords: stopWords as string[] })).toThrow(
      /tokenizer "words": option "stopWords" must be a list of words, but (.* was given|item 1 is 1)/,
    );
  });

  test('are plain data: options go through JSON', () => {
    const options = JSON.parse(JSON.stringify({ stopWords: ['the'], accents: 'fold' }));
    expect(texts('The São', options)).toEqual(['sao']);
  });
});

describe('normalisation', () => {
  test('tokens are NFC while spans point at the text as given', () => {
    const text = 'Voce\u0302 e\u0301 AC\u0327A\u0303O';
    const tokens = wordsTokenizer().tokenize(text);
    expect(tokens.map((token) => token.text)).toEqual(['você', 'é', 'ação']);
    expect(tokens.map(({ start, end }) => text.slice(start, end))).toEqual(text.split(' '));
  });

  test('letters whose lower case is longer or depends on neighbours', () => {
    expect(wordsTokenizer().tokenize('İz ΟΔΟΣ')).toEqual([
      { text: 'i̇z', start: 0, end: 2 },
      { text: 'οδος', start: 3, end: 7 },
    ]);
    expect(texts("ΟΔΟΣ'Α", { splitApostrophes: true })).toEqual(['οδος', 'α']);
  });

  test('every code point between letters gives the words of the normalised text', () => {
    const { tokenize } = wordsTokenizer({ punctuation: 'keep', lowercase: false });
    const wrong: string[] = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
      const text = `a${String.fromCodePoint(codePoint)}\u0301b`;
      const normal = text.normalize('NFC');
      if (normal === text) continue;
      const same =
        tokenize(text)
          .map((token) => token.text)
          .join('|') ===
        tokenize(normal)
          .map((token) => token.text)
          .join('|');
      if (!same) wrong.push(codePoint.toString(16));
    }
    expect(wrong).toEqual([]);
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(..."aZé\u0301\u0327-'’_9 .İΣ\u200d👍🏽🇵🇹\ud800\udc00가\u1100\u1161\0") }),
);
const anyOptions = fc.record({
  lowercase: fc.boolean(),
  accents: fc.constant('keep' as const),
  stopWords: fc.constant([]),
  punctuation: fc.constantFrom('drop' as const, 'keep' as const),
  splitHyphens: fc.boolean(),
  splitApostrophes: fc.boolean(),
});

describe('for every text', () => {
  test('spans ascend, and a token is its own slice, lower-cased and composed', () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        let before = 0;
        for (const { text: found, start, end } of words.create(options).tokenize(text)) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end).toBeGreaterThan(start);
          const slice = text.slice(start, end);
          const cased = options.lowercase ? slice.toLowerCase() : slice;
          const straight = cased
            .replace(/[’ʼ]/g, "'")
            .replace(/[\u2010\u2011]/g, '-')
            .replace(/\u00ad/g, '');
          expect(found).toBe((/[\p{L}\p{N}_]/u.test(found) ? straight : cased).normalize('NFC'));
          before = end;
        }
        expect(before).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 1000 },
    );
  });

  test('what is tokenised first and normalised then is the same as the other way round', () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        const { tokenize } = words.create(options);
        const tokens = (given: string) => tokenize(given).map((token) => token.text);
        expect(tokens(text)).toEqual(tokens(text.normalize('NFC')));
      }),
      { numRuns: 1000 },
    );
  });

  test('no letter, digit or underscore is lost', () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        const covered = words.create({ ...options, lowercase: false }).tokenize(text);
        let rest = text;
        for (const { start, end } of [...covered].reverse()) rest = rest.slice(0, start) + rest.slice(end);
        expect(rest).not.toMatch(/[\p{L}\p{N}_]/u);
      }),
    );
  });
});

test('a single line of 20 million characters', () => {
  expect(wordsTokenizer().tokenize('a'.repeat(2e7))).toHaveLength(1);
  expect(wordsTokenizer().tokenize('é.'.repeat(1e6))).toHaveLength(1e6);
});

test('a wrong option says so', () => {
  const wrong = () => wordsTokenizer({ lowercase: 'yes' as unknown as boolean });
  expect(wrong).toThrow('tokenizer "words": option "lowercase" must be true or false, but "yes" was given.');
  try {
    wrong();
  } catch (error) {
    expect(isUnrolledError(error, 'OPTION_INVALID')).toBe(true);
  }
});
