// 100,000 random texts: words and spans are those of a Unicode regular expression, whatever the text.

import { randomTexts } from '@unrolled/plugin-kit';
import { type WordsOptions, words, wordsTokenizer } from '@unrolled/tokenizer-words';
import { expect, test } from 'vitest';

const texts = [...randomTexts(100_000)];

/** Words by one regular expression: a letter, digit or _, then marks and joiners too, and single hyphens and apostrophes between. */
const pattern =
  /(?!ʼ)[\p{L}\p{N}_](?:(?!ʼ)[\p{L}\p{N}\p{M}\p{Join_Control}_\u00ad]|['’ʼ\-\u2010\u2011](?=(?!ʼ)[\p{L}\p{N}_]))*/gu;

function expected(text: string) {
  return Array.from(text.matchAll(pattern), ({ 0: word, index }) => ({
    text: word
      .replace(/[’ʼ]/g, "'")
      .replace(/[\u2010\u2011]/g, '-')
      .toLowerCase()
      .replace(/\u00ad/g, '')
      .normalize('NFC'),
    start: index,
    end: index + word.length,
  }));
}

test('the default gives the words of a regular expression', () => {
  const { tokenize } = wordsTokenizer();
  let tokens = 0;
  for (const text of texts) {
    const found = tokenize(text);
    const wanted = expected(text);
    const holds = found.every(({ text, start, end }, i) => {
      const token = wanted[i];
      return text === token?.text && start === token.start && end === token.end;
    });
    if (found.length !== wanted.length || !holds) expect(found, JSON.stringify(text)).toEqual(wanted);
    tokens += found.length;
  }
  expect(tokens).toBeGreaterThan(texts.length);
});

const variants: readonly Partial<WordsOptions>[] = [
  { punctuation: 'keep' },
  { lowercase: false, accents: 'fold' },
  { punctuation: 'keep', splitHyphens: true, splitApostrophes: true, lowercase: false },
  { stopWords: ['a', 'é', '\u0644'], accents: 'fold', punctuation: 'keep' },
];

test('every option gives tokens that are not empty, in order, apart and inside the text', () => {
  const tokenizers = variants.map((options) => words.create({ ...words.options.defaults, ...options }));
  let index = 0;
  for (const text of texts) {
    const { tokenize } = tokenizers[index++ % tokenizers.length] as (typeof tokenizers)[number];
    let before = 0;
    for (const token of tokenize(text)) {
      const holds = token.text !== '' && before <= token.start && token.start < token.end && token.end <= text.length;
      if (!holds) expect.fail(`${JSON.stringify(text)} gave ${JSON.stringify(token)} after ${before}`);
      before = token.end;
    }
  }
});

test('what is kept whole joins back to text that reads the same', () => {
  const { tokenize, detokenize } = wordsTokenizer({ punctuation: 'keep' });
  for (const text of texts) {
    const tokens = tokenize(text).map((token) => token.text);
    const again = tokenize(detokenize?.(tokens) as string).map((token) => token.text);
    if (again.join('\0') !== tokens.join('\0')) expect(again, JSON.stringify(text)).toEqual(tokens);
  }
});
