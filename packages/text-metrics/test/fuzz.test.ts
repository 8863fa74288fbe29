// Any text at all, halves of surrogate pairs too: nothing throws, scores stay in their bounds, and a text is its own best answer.
import { randomTexts } from '@unrolled/plugin-kit';
import {
  type BleuTokenizer,
  characterErrorRate,
  corpusBleu,
  corpusChrf,
  exactMatch,
  sentenceBleu,
  sentenceChrf,
  tokenAccuracy,
  wordErrorRate,
} from '@unrolled/text-metrics';
import { expect, test } from 'vitest';

const texts = [...randomTexts(5000)];
const others = [...texts.slice(1), texts[0] as string];
const tokenizers: readonly BleuTokenizer[] = ['13a', 'intl', 'char', 'none'];

test('scores of sentences stay in their bounds', () => {
  for (const [index, text] of texts.entries()) {
    const tokenizer = tokenizers[index % tokenizers.length] as BleuTokenizer;
    const options = { lowercase: index % 2 === 0 };
    const references = [others[index] as string, texts[(index * 7) % texts.length] as string];
    const bleu = sentenceBleu(text, references, { ...options, tokenizer });
    const chrf = sentenceChrf(text, references, { ...options, wordOrder: index % 3, whitespace: index % 5 === 0 });
    const { rate } = characterErrorRate([text], [`${references[0]}.`]);
    const holds = inside(bleu.score, 100) && inside(chrf.score, 100) && inside(bleu.brevityPenalty, 1) && rate >= 0;
    if (!holds) expect.fail(JSON.stringify({ text, references, bleu, chrf, rate }));
  }
});

test('a text scores fully against itself, unless it is empty', () => {
  for (const [index, text] of texts.entries()) {
    const tokenizer = tokenizers[index % tokenizers.length] as BleuTokenizer;
    const bleu = sentenceBleu(text, text, { tokenizer });
    const best = bleu.hypothesisLength > 0 ? 100 : 0;
    const chrf = sentenceChrf(text, text).score;
    const holds =
      Math.abs(bleu.score - best) < 1e-9 && (Math.abs(chrf - 100) < 1e-9 || (chrf === 0 && text.trim().length < 2));
    if (!holds) expect.fail(JSON.stringify({ text, tokenizer, bleu, chrf }));
  }
  expect(corpusBleu(texts, texts).score).toBeCloseTo(100, 9);
  expect(corpusChrf(texts, texts, { wordOrder: 2 }).score).toBeCloseTo(100, 9);
  expect([exactMatch(texts, texts), tokenAccuracy(texts, texts)]).toEqual([1, 1]);
  expect([characterErrorRate(texts, texts).rate, wordErrorRate(texts, texts).rate]).toEqual([0, 0]);
});

test('more references never lower what is right, and the order of pairs changes nothing', () => {
  const [some, theirs] = [texts.slice(0, 2000), others.slice(0, 2000)];
  const more = theirs.map((reference, index) => [reference, texts[index + 2500] as string]);
  const [one, two] = [corpusBleu(some, theirs, { tokenizer: 'char' }), corpusBleu(some, more, { tokenizer: 'char' })];
  for (const [order, correct] of one.correct.entries()) expect(two.correct[order]).toBeGreaterThanOrEqual(correct);
  expect(two.correct[0]).toBeGreaterThan(one.correct[0] as number);
  const back = <T>(list: readonly T[]) => [...list].reverse();
  expect(corpusBleu(back(some), back(more), { tokenizer: 'char' })).toEqual(two);
  expect(corpusChrf(back(some), back(more))).toEqual(corpusChrf(some, more));
});

function inside(value: number, most: number): boolean {
  return value >= 0 && value <= most + 1e-9;
}
