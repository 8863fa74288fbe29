// No string breaks it: spans are valid, and what can come back comes back.
import { subwordCases } from '@unrolled/goldens';
import { type SubwordsTokenizer, subwordsTokenizer, type TokenizerJson } from '@unrolled/tokenizer-subwords';
import { expect, test } from 'vitest';

const units = [
  ...'aeiorst lLwnT  \n\t\r\0\u00a0\u3000\ufeff\u0085\u200b\u200d\u202e',
  ...'éÅßıİΣσςﬁ①½ǅ\u0301\u0323\u0344\u1100\u1161\u11a8가각ㅏｶﾞ中文日本ष्ि٣',
  ...'👍🏽👩🇵🇹𝒳\u{2f800}\u{10ffff}',
  '\ud800',
  '\udc00',
  '\ud83d',
  '<|end|>',
  '[MASK]',
  '<unk>',
  '[UNK]',
  '▁',
  '##',
  "'ll",
  'Ġ',
  '<0x41>',
  'the river',
];

/** Random texts, the same in each run. */
function* texts(count: number): Generator<string> {
  let state = 20_240_607;
  const next = (below: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
  for (let made = 0; made < count; made++) {
    let text = '';
    for (let unit = next(14); unit > 0; unit--)
      text += next(6) === 0 ? String.fromCharCode(next(0x10000)) : (units[next(units.length)] as string);
    yield text;
  }
}

/** What is wrong with the tokens of a text, if anything. A text with `back` must come back. */
function problem({ tokenize, encode, decode }: SubwordsTokenizer, text: string, back: boolean): string | undefined {
  const tokens = tokenize(text);
  const ids = encode(text);
  if (ids.length !== tokens.length || tokens.some(({ id }, at) => id !== ids[at])) return 'other numbers';
  let before = 0;
  for (const { start, end, text: name } of tokens) {
    if (name === '') return 'an empty token';
    if (!(start >= 0 && start < end && end <= text.length)) return `span ${start}–${end}`;
    if (start < before) return `span ${start}–${end} after one from ${before}`;
    if (cutsPair(text, start) || cutsPair(text, end)) return `span ${start}–${end} cuts a pair`;
    before = start;
  }
  // A half of a surrogate pair can't be written in UTF-8.
  return back && decode(ids) !== wellFormed(text) ? 'another text came back' : undefined;
}

/** The texts that something is wrong with. */
function wrong(tokenizer: SubwordsTokenizer, count: number, back: boolean): string[] {
  const found: string[] = [];
  for (const text of texts(count)) {
    const what = problem(tokenizer, text, back);
    if (what) found.push(`${JSON.stringify(text)}: ${what}`);
  }
  return found;
}

/** With U+FFFD for halves of surrogate pairs. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

function cutsPair(text: string, index: number): boolean {
  return index > 0 && (text.codePointAt(index - 1) as number) > 0xffff;
}

test('100,000 random texts in bytes: valid spans, and the text comes back', () => {
  const tokenizer = subwordsTokenizer(subwordCases()[0]?.tokenizer as TokenizerJson);
  expect(wrong(tokenizer, 100_000, true)).toEqual([]);
});

test.each(subwordCases().slice(1))('10,000 random texts: $name', ({ tokenizer }) => {
  expect(wrong(subwordsTokenizer(tokenizer as TokenizerJson), 10_000, false)).toEqual([]);
});

test('texts of millions of characters', () => {
  const { encode, decode } = subwordsTokenizer(subwordCases()[0]?.tokenizer as TokenizerJson);
  for (const text of ['the river '.repeat(200_000), 'é'.repeat(300_000), 'x'.repeat(1_200_000)])
    expect(decode(encode(text)) === text).toBe(true);
  for (const { tokenizer } of subwordCases().slice(1)) {
    const { tokenize } = subwordsTokenizer(tokenizer as TokenizerJson);
    for (const text of ['the river '.repeat(10_000), 'x'.repeat(40_000)])
      expect(tokenize(text).at(-1)?.end).toBeGreaterThan(text.length - 2);
  }
});
