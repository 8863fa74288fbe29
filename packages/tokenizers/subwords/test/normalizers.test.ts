// Whatever a normaliser makes of a character, its neighbours keep their places.
import { subwords, subwordsTokenizer, type TokenizerJson } from '@unrolled/tokenizer-subwords';
import { expect, test } from 'vitest';

/** A letter that no other character turns into, save the capital, in two bytes. */
const fence = 'þ';

/** All characters that normalisation changes, without those that it may join to the one before. */
const changing = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint)
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint))
  .filter((character) => character.normalize('NFKD') !== character || character.toLowerCase() !== character)
  .filter((character) => character !== 'Þ' && !/[\p{M}\u3131-\u318e\uff9e\uff9f\uffa0-\uffdc]/u.test(character));

const bytes = subwords.options.defaults.tokenizer;
const charsmap = { type: 'Precompiled', precompiled_charsmap: '' };

test.each(['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'BertNormalizer', 'Precompiled'])(
  '%s: every character that can change, beside marks and vowels',
  (type) => {
    const settings =
      type === 'Precompiled' ? charsmap : { type, clean_text: true, handle_chinese_chars: true, lowercase: true };
    const { tokenize } = subwordsTokenizer({ ...bytes, normalizer: settings } as TokenizerJson);
    for (const after of ['', '\u0323\u0301', '\u1161\u11a8\u3099']) {
      const text = fence + changing.map((character) => `${character}${after}${fence}`).join('');
      const places = tokenize(text).filter(({ start, end }) => text.slice(start, end).includes(fence));
      expect(places).toHaveLength(2 * (changing.length + 1));
      expect(places.every(({ start, end }) => text.slice(start, end) === fence)).toBe(true);
    }
  },
);

test('the steps of a sequence, spaces put before and around, and places at the edges', () => {
  const spans = (normalizer: unknown, text: string) =>
    subwordsTokenizer({ ...bytes, normalizer } as TokenizerJson)
      .tokenize(text)
      .map((token) => `${token.text}${token.start}–${token.end}`)
      .join(' ');
  const sequence = (...normalizers: readonly object[]) => ({ type: 'Sequence', normalizers });
  expect(spans({ type: 'Strip', strip_left: true, strip_right: true }, '  a b ')).toBe('a2–3 Ġ3–4 b4–5');
  expect(spans({ type: 'Prepend', prepend: '__' }, 'ab')).toBe('_0–1 _0–1 a0–1 b1–2');
  expect(spans({ type: 'Prepend', prepend: '_' }, '')).toBe('');
  const quotes = { type: 'Replace', pattern: { Regex: '``|’’' }, content: '"' };
  expect(spans(quotes, '``a’’')).toBe('"0–2 a2–3 "3–5');
  expect(spans({ type: 'Replace', pattern: { String: 'b' }, content: 'xyz' }, 'abc')).toBe('a0–1 x1–2 y1–2 z1–2 c2–3');
  expect(spans({ type: 'Replace', pattern: { Regex: '$' }, content: '!' }, 'ab')).toBe('a0–1 b1–2 !1–2');
  expect(spans(sequence({ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Lowercase' }), 'É\u0327e')).toBe(
    'e0–2 e2–3',
  );
  expect(spans(sequence({ type: 'Strip', strip_left: true }, { type: 'NFKC' }, quotes), ' ﬁ``')).toBe('f1–2 i1–2 "2–4');
});
