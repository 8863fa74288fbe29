// 100,000 random texts: characters are the text, cut; they and their numbers lead back to it.

import { Vocabulary, VocabularyBuilder } from '@unrolled/core';
import { randomTexts } from '@unrolled/plugin-kit';
import { charactersTokenizer } from '@unrolled/tokenizer-characters';
import { describe, expect, test } from 'vitest';

const texts = [...randomTexts(100_000)];
const some = texts.slice(0, texts.length / 10);

describe.each(['code-point', 'grapheme'] as const)('%s', (unit) => {
  const { tokenize, detokenize } = charactersTokenizer({ unit });

  test('characters stand side by side, each its own piece of the text, and join to it', () => {
    for (const text of texts) {
      let before = 0;
      const tokens = tokenize(text);
      for (const token of tokens) {
        const holds = token.start === before && token.end > before && token.text === text.slice(before, token.end);
        if (!holds) expect.fail(`${JSON.stringify(text)} gave ${JSON.stringify(token)} after ${before}`);
        before = token.end;
      }
      const joined = detokenize?.(tokens.map((token) => token.text));
      if (before !== text.length || joined !== text) expect.fail(JSON.stringify(text));
    }
  });

  test('a text comes back from its numbers, also by a vocabulary that was saved', () => {
    const builder = new VocabularyBuilder();
    const sequences = some.map((text) => tokenize(text).map((token) => token.text));
    for (const sequence of sequences) builder.add(sequence);
    const vocabulary = Vocabulary.fromJSON(JSON.parse(JSON.stringify(builder.build())));
    for (const [index, text] of some.entries()) {
      const { ids } = vocabulary.encode(sequences[index] as string[]);
      if (detokenize?.(vocabulary.decode(ids)) !== text) expect.fail(JSON.stringify(text));
    }
  });
});
