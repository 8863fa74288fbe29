// BLEU on examples that can be worked out by hand, and what each setting changes.
import { corpusBleu, sentenceBleu } from '@unrolled/text-metrics';
import { describe, expect, test } from 'vitest';

describe('the example of Papineni et al. 2002', () => {
  const references = ['The cat is on the mat.', 'There is a cat on the mat.'];

  test('a word counts as often as one reference has it', () => {
    const found = corpusBleu(['the the the the the the the'], [references], { lowercase: true });
    expect([found.correct[0], found.total[0]]).toEqual([2, 7]);
    expect(found.precisions[0]).toBeCloseTo(200 / 7, 12);
  });

  test('the reference nearest in length decides on brevity, of two as near the shorter one', () => {
    expect(corpusBleu(['a b c d e'], [['a b c d e f g', 'a b']]).referenceLength).toBe(7);
    expect(corpusBleu(['a b c d e'], [['a b c d e f', 'a b c d']]).referenceLength).toBe(4);
    expect(corpusBleu(['a b c d e'], [['a b c d', 'a b c d e f']]).referenceLength).toBe(4);
  });
});

test('a perfect corpus is 100, and half as long as its references loses e^-1', () => {
  const texts = ['one two three four', 'five six seven eight nine'];
  expect(corpusBleu(texts, texts).score).toBeCloseTo(100, 12);
  const found = corpusBleu(['a b c d'], ['a b c d e f g h']);
  expect(found.brevityPenalty).toBeCloseTo(1 / Math.E, 15);
  expect(found.score).toBeCloseTo(100 / Math.E, 12);
});

test('precisions without a match count half of the one before, or nothing', () => {
  const [hypothesis, reference] = [['a b x y z'], ['a b c d e']];
  expect(corpusBleu(hypothesis, reference).precisions).toEqual([40, 25, 100 / (2 * 3), 100 / (4 * 2)]);
  const unsmoothed = corpusBleu(hypothesis, reference, { smoothing: 'none' });
  expect(unsmoothed.precisions).toEqual([40, 25, 0, 0]);
  expect(unsmoothed.score).toBe(0);
});

test('a sentence of three tokens scores, where a corpus of it would not', () => {
  expect(corpusBleu(['three words here'], ['three words here']).score).toBe(0);
  expect(sentenceBleu('three words here', 'three words here').score).toBeCloseTo(100, 12);
  expect(corpusBleu(['a cat'], ['a cat'], { order: 2 }).score).toBeCloseTo(100, 12);
});

test('tokenizers cut punctuation, scripts and characters', () => {
  const tokens = (text: string, tokenizer: '13a' | 'intl' | 'char' | 'none') =>
    corpusBleu([text], [text], { tokenizer }).hypothesisLength;
  expect(tokens("Don't pay $1,000.50!", '13a')).toBe(5); // Don't pay $ 1,000.50 !
  expect(tokens("Don't pay $1,000.50!", 'intl')).toBe(6); // Don ' t pay $ 1,000.50!, as mteval-v14 leaves a mark after a last digit
  expect(tokens("Don't pay $1,000.50!", 'none')).toBe(3);
  expect(tokens('我们，见面！', '13a')).toBe(1);
  expect(tokens('我们，见面！', 'intl')).toBe(4);
  expect(tokens('我们， 见面！👍🏽', 'char')).toBe(8);
});

test('the signature says what was done', () => {
  expect(corpusBleu(['a'], ['a']).signature).toBe(
    'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0|by:unrolled',
  );
  const found = corpusBleu(['a', 'b'], [['a', 'A'], 'b'], { lowercase: true, tokenizer: 'intl', order: 2 });
  expect(found.signature).toBe('nrefs:var|case:lc|eff:no|tok:intl|smooth:exp|order:2|version:2.6.0|by:unrolled');
});
