// Tokens, numbers, places and decoded texts are those of HF tokenizers (PyPI), and so is what is learned.
import { subwordCases, subwordTrainingCases } from '@unrolled/goldens';
import { subwordsTokenizer, type TokenizerJson, trainBytePairEncoding } from '@unrolled/tokenizer-subwords';
import { describe, expect, test } from 'vitest';

/** A character with what normalisation may join to it, or a run of spaces: HF tokenizers' spans hold a part of what came from one. */
const clusters = /\S[\p{M}\u1160-\u11ff]*|\s+/gu;

/** The span, widened to whole clusters. */
function widened(text: string, first: number, last: number): readonly [number, number] {
  const touched = [...text.matchAll(clusters)].filter(({ 0: { length }, index }) =>
    first === last ? index <= last && last <= index + length : index < last && first < index + length,
  );
  const end = touched.at(-1);
  return [touched[0]?.index ?? first, end ? end.index + end[0].length : last];
}

describe.each(subwordCases())('$name', ({ tokenizer, encoded }) => {
  const { tokenize, encode, decode, detokenize } = subwordsTokenizer(tokenizer as TokenizerJson);

  test('tokens and their numbers', () => {
    // Of an added token that takes spaces, HF tokenizers give the text that was found.
    for (const { text, tokens, ids } of encoded) {
      const found = tokenize(text);
      expect(
        found.map((token) => token.text),
        text,
      ).toEqual(tokens.map((token) => (token.endsWith('[MASK]') ? '[MASK]' : token)));
      expect(
        found.map(({ id }) => id),
        text,
      ).toEqual(ids);
      expect([...encode(text)], text).toEqual(ids);
    }
  });

  test('spans, which here hold all that a token came from', () => {
    for (const { text, spans } of encoded)
      for (const [at, { start, end }] of tokenize(text).entries()) {
        const [first, last] = [spans[2 * at] as number, spans[2 * at + 1] as number];
        const [from, to] = widened(text, first, last);
        const where = `${JSON.stringify(text)}, token ${at}: ${start}–${end} beside ${first}–${last}, ${from}–${to}`;
        expect(from <= start && start <= first && last <= end && end <= to, where).toBe(true);
      }
  });

  test('text of tokens', () => {
    // The library's decoder of single bytes loses a byte-order mark.
    const lossy = JSON.stringify((tokenizer as TokenizerJson).decoder).includes('ByteFallback');
    for (const { ids, text, decoded } of encoded) {
      if (lossy && decoded.includes('\ufeff')) continue;
      expect(decode(ids)).toBe(decoded);
      const tokens = tokenize(text).map((token) => token.text);
      if (!decoded.includes('<unk>')) expect(detokenize(tokens)).toBe(decoded);
    }
  });
});

test('most spans are exactly the same', () => {
  let [same, all] = [0, 0];
  for (const { tokenizer, encoded } of subwordCases())
    for (const { text, spans } of encoded)
      for (const [at, { start, end }] of subwordsTokenizer(tokenizer as TokenizerJson)
        .tokenize(text)
        .entries()) {
        all += 1;
        if (start === spans[2 * at] && end === spans[2 * at + 1]) same += 1;
      }
  expect(same / all).toBeGreaterThan(0.95);
});

test.each(subwordTrainingCases())('learned from $name', async ({ corpus, settings, tokenizer }) => {
  expect(await trainBytePairEncoding(corpus, settings)).toEqual(tokenizer);
});
