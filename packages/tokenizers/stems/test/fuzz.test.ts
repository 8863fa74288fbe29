// 100,000 random texts: every language's stems stand where the words do, and depend on nothing but the word.

import { splitWords } from '@unrolled/core';
import { randomTexts } from '@unrolled/plugin-kit';
import { type Language, stemmers, stemsTokenizer } from '@unrolled/tokenizer-stems';
import { expect, test } from 'vitest';

const languages = Object.keys(stemmers) as Language[];
const texts = [...randomTexts(100_000)];

test('stems stand where the words do', () => {
  const tokenizers = languages.map((language) => stemsTokenizer({ language }));
  const wordsOf = (text: string) =>
    splitWords(text, { lowercase: true, punctuation: 'drop', splitHyphens: false, splitApostrophes: false });
  for (const [index, text] of texts.entries()) {
    const found = tokenizers[index % tokenizers.length]?.tokenize(text) ?? [];
    const words = wordsOf(text);
    const holds = found.every(
      ({ text, start, end }, i) => text !== '' && words[i]?.start === start && words[i]?.end === end,
    );
    if (found.length !== words.length || !holds) expect(found, JSON.stringify(text)).toEqual(words);
  }
});

test.each(languages)('%s gives the same stem whatever was stemmed before', (language) => {
  const some = texts.slice(0, 4000);
  const once = some.map((text) => stemmers[language](text));
  const again = [...some].reverse().map((text) => stemmers[language](text));
  expect(again.reverse()).toEqual(once);
});
