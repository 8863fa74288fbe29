// Lists that don't fit, nothing to compare, what is no text, and wrong options: one code each, and a sentence that helps.
import { isUnrolledError } from '@unrolled/core';
import {
  characterErrorRate,
  corpusBleu,
  corpusChrf,
  editDistance,
  exactMatch,
  sentenceBleu,
  sentenceChrf,
  tokenAccuracy,
  wordErrorRate,
} from '@unrolled/text-metrics';
import { describe, expect, test } from 'vitest';

type Measure = (hypotheses: any, references: any) => unknown;
const measures: Readonly<Record<string, Measure>> = {
  corpusBleu,
  corpusChrf,
  exactMatch,
  tokenAccuracy,
  characterErrorRate,
  wordErrorRate,
};

describe.each(Object.entries(measures))('%s', (_, measure) => {
  test('lengths that differ', () => {
    expect(thrown(() => measure(['a', 'b'], ['a']))).toEqual([
      'METRIC_LENGTHS',
      'There are 2 hypotheses, but references for 1. Give a reference for each hypothesis, or a list of several for each: [["a", "b"], ["c"]].',
    ]);
  });

  test('no pairs', () => {
    expect(thrown(() => measure([], []))).toEqual([
      'METRIC_EMPTY',
      'There are no pairs to compare. Give at least one hypothesis with its reference; each of them may be an empty text.',
    ]);
  });

  test('what is no text', () => {
    for (const wrong of [null, undefined, 7, {}, new Date(0), [null], [['a']], [undefined], new Array(1)]) {
      expect(thrown(() => measure(['a', wrong], ['a', 'b']))[0]).toBe('METRIC_TEXT');
      expect(thrown(() => measure(['a', 'b'], ['a', wrong]))[0]).toBe('METRIC_TEXT');
    }
    expect(thrown(() => measure('text', ['a']))[1]).toContain(
      'Hypotheses must be a list, but a value of type string was given.',
    );
    expect(thrown(() => measure(['a'], null))[1]).toContain('References must be a list, but null was given.');
  });
});

test('messages name the place and what stood there', () => {
  expect(thrown(() => corpusBleu(['a', 3 as never], ['a', 'b']))[1]).toContain(
    'Hypothesis 1 must be a text, but a value of type number was given.',
  );
  expect(thrown(() => corpusBleu(['a'], [[]]))[1]).toContain(
    'Reference 0 must be a text or a list of at least one text, but an empty list was given.',
  );
  expect(thrown(() => corpusChrf(['a'], [['b', null as never]]))[1]).toContain(
    'Reference 0 must be a text or a list of at least one text, but a list with null was given.',
  );
  expect(thrown(() => wordErrorRate([['a', 1, {} as never]], ['a']))[1]).toContain(
    'Hypothesis 0 must be a text or a list of tokens, which are texts or numbers, but a list with a value of type object was given.',
  );
});

test('of a single sentence and of a distance', () => {
  expect(thrown(() => sentenceBleu(undefined as never, 'a'))[0]).toBe('METRIC_TEXT');
  expect(thrown(() => sentenceChrf('a', undefined as never))[0]).toBe('METRIC_TEXT');
  expect(thrown(() => editDistance('a', 3 as never))[1]).toMatch(/^The second must be a text or a list of tokens/);
});

test('options', () => {
  const bleu = (options: object) => thrown(() => corpusBleu(['a'], ['a'], options));
  const [code, message] = bleu({ tokenizer: 'zh' });
  expect(code).toBe('OPTION_INVALID');
  expect(message).toContain('BLEU: option "tokenizer" must be one of 13a, intl, char, none, but "zh" was given.');
  for (const options of [{ lowercase: 1 }, { smoothing: 'floor' }, { order: 0 }, { order: 1.5 }, { tokenize: '13a' }])
    expect(bleu(options)[0]).toBe('OPTION_INVALID');
  for (const options of [{ characterOrder: 0 }, { wordOrder: -1 }, { beta: Number.NaN }, { beta: -1 }])
    expect(thrown(() => corpusChrf(['a'], ['a'], options))[0]).toBe('OPTION_INVALID');
});

/** Code and message of the error. */
function thrown(run: () => unknown): [string, string] {
  try {
    run();
  } catch (error) {
    if (isUnrolledError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
