// Every score is sacreBLEU's to 1e-10, every error rate jiwer's, on the same strings.
import { textMetricsCases } from '@unrolled/goldens/text-metrics';
import {
  characterErrorRate,
  corpusBleu,
  corpusChrf,
  sentenceBleu,
  sentenceChrf,
  wordErrorRate,
} from '@unrolled/text-metrics';
import { describe, expect, test } from 'vitest';

const cases = textMetricsCases();

test('the goldens hold a few hundred pairs, several references and every setting', () => {
  const sentences = cases.flatMap((golden) => golden.sentences);
  expect(sentences.length).toBeGreaterThan(300);
  expect(new Set(sentences.map(({ references }) => references.length))).toEqual(new Set([1, 2, 3]));
  const settings = cases.flatMap(({ bleu, chrf }) => [...bleu, ...chrf].flatMap(({ options }) => Object.keys(options)));
  expect(new Set(settings)).toEqual(
    new Set([
      'tokenizer',
      'lowercase',
      'smoothing',
      'order',
      'effectiveOrder',
      'characterOrder',
      'wordOrder',
      'beta',
      'whitespace',
    ]),
  );
});

describe.each(cases)('$name', (golden) => {
  const hypotheses = golden.sentences.map(({ hypothesis }) => hypothesis);
  const references = golden.sentences.map(({ references }) => references);
  const first = golden.sentences.map(({ references }) => references[0] as string);

  test.each(golden.bleu)('BLEU with $options', ({ options, ...expected }) => {
    const found = corpusBleu(hypotheses, references, options);
    near(found.score, expected.score);
    near(found.brevityPenalty, expected.brevityPenalty);
    expect(found.precisions).toHaveLength(expected.precisions.length);
    for (const [index, precision] of found.precisions.entries()) near(precision, expected.precisions[index] as number);
    const { hypothesisLength, referenceLength, correct, total } = expected;
    expect(found).toMatchObject({ hypothesisLength, referenceLength, correct, total });
    const more = options.order === undefined ? '' : `order:${options.order}|`;
    expect(found.signature).toBe(`${expected.signature.replace('version:', `${more}version:`)}|by:unrolled`);
  });

  test.each(golden.chrf)('chrF with $options', ({ options, score, name, signature }) => {
    const found = corpusChrf(hypotheses, references, options);
    near(found.score, score);
    expect(found).toMatchObject({ name, signature: `${signature}|by:unrolled` });
  });

  test('each sentence', () => {
    for (const { hypothesis, references, bleu, chrf } of golden.sentences) {
      const said = JSON.stringify({ hypothesis, references });
      near(sentenceBleu(hypothesis, references).score, bleu, said);
      near(sentenceChrf(hypothesis, references, { wordOrder: 2 }).score, chrf, said);
    }
  });

  test('error rates against the first reference', () => {
    for (const [found, expected] of [
      [characterErrorRate(hypotheses, first), golden.errorRates.character],
      [wordErrorRate(hypotheses, first), golden.errorRates.word],
    ] as const) {
      expect(found.edits).toBe(expected.edits);
      near(found.rate, expected.rate);
    }
  });
});

function near(found: number, expected: number, said?: string): void {
  expect(Math.abs(found - expected), said).toBeLessThan(1e-10);
}
