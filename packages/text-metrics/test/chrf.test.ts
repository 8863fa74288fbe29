// chrF on examples that can be worked out by hand, and what each setting changes.
import { corpusChrf, sentenceChrf } from '@unrolled/text-metrics';
import { expect, test } from 'vitest';

test('precision and recall of two orders by hand', () => {
  // abcd in abcf: 3 of 4 characters, 2 of 3 pairs, both ways.
  const even = sentenceChrf('abcd', 'abcf', { characterOrder: 2 });
  expect(even.score).toBeCloseTo(100 * ((3 / 4 + 2 / 3) / 2), 12);
  // ab in abcd: all that is said is right, 2 of 4 characters and 1 of 3 pairs are said.
  const recall = (2 / 4 + 1 / 3) / 2;
  const score = (beta: number) => sentenceChrf('ab', 'abcd', { characterOrder: 2, beta }).score;
  expect(score(2)).toBeCloseTo((100 * 5 * recall) / (4 + recall), 12);
  expect(score(1)).toBeCloseTo((100 * 2 * recall) / (1 + recall), 12);
  expect(score(0)).toBeCloseTo(100, 12);
});

test('orders that one side is too short for are left out', () => {
  expect(sentenceChrf('ab', 'ab').score).toBe(100);
  expect(sentenceChrf('', 'ab').score).toBe(0);
  expect(sentenceChrf('', '').score).toBe(0);
});

test('white space counts on request only', () => {
  expect(sentenceChrf('a b c', 'abc').score).toBe(100);
  expect(sentenceChrf('a b c', 'abc', { whitespace: true }).score).toBeLessThan(100);
});

test('the best of several references counts', () => {
  const [good, bad] = [sentenceChrf('a cat', 'a cats').score, sentenceChrf('a cat', 'dogs').score];
  expect(good).toBeGreaterThan(bad);
  expect(sentenceChrf('a cat', ['dogs', 'a cats']).score).toBe(good);
});

test('chrF++ sees words, with marks at their ends apart', () => {
  expect(sentenceChrf('black cat', 'cat black').score).not.toBe(
    sentenceChrf('black cat', 'cat black', { wordOrder: 2 }).score,
  );
  const words = { characterOrder: 1, wordOrder: 1 };
  // 4 of 4 characters of 5; words cat of cat and ! by one side.
  expect(sentenceChrf('(cat', '(cat!', words).score).toBeCloseTo(fScore((1 + 0) / 2, (4 / 5 + 0) / 2), 12);
  expect(sentenceChrf('cat !', 'cat!', words).score).toBe(100);
  expect(sentenceChrf('👍 x', '👍 x', words).score).toBe(100);
});

test('name and signature say what was done', () => {
  expect(corpusChrf(['a'], ['a'], { wordOrder: 2 })).toEqual({
    score: 100,
    name: 'chrF2++',
    signature: 'nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0|by:unrolled',
  });
});

function fScore(precision: number, recall: number): number {
  return (100 * 5 * precision * recall) / (4 * precision + recall);
}
