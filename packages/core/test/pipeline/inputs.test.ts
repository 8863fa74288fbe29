// Reading one raw input: texts and rows of numbers, and what can't be read.
import { describe, expect, it } from 'vitest';
import { isEmptyInput, placeOf, readInput } from '../../src/pipeline/inputs.ts';

const letters = {
  tokenize: (text: string) => [...text].map((letter, start) => ({ text: letter, start, end: start + 1 })),
};

describe('an input', () => {
  it('is a text, alone or in an example', () => {
    expect(readInput('ab', 'Example 1', letters)).toEqual(['a', 'b']);
    expect(readInput({ text: 'ab', label: 'x' }, 'Example 1', letters)).toEqual(['a', 'b']);
  });

  it('is rows of numbers where no tokenizer stands before the vectorizer', () => {
    const values = [
      [1, 2],
      [3, 4],
    ];
    expect(readInput({ values }, 'Example 1', undefined)).toEqual(values);
    const typed = [Float32Array.of(1, 2), Float64Array.of(3, 4)];
    expect(readInput({ values: typed }, 'Example 1', undefined)).toEqual(values);
    expect(readInput({ values: [[1, 2], Float32Array.of(3, 4)] }, 'Example 1', undefined)).toEqual(values);
  });

  const wrong: [unknown, boolean, string][] = [
    ['', true, 'Example 3 has an empty or all-whitespace text.'],
    [{ text: '\u2003\ufeff' }, true, 'Example 3 has an empty or all-whitespace text.'],
    [{ values: [] }, false, 'Example 3 has no steps.'],
    [{ values: [[1]] }, true, 'Example 3 has no text: an object was given.'],
    [{ text: 5 }, true, 'Example 3 has no text: 5 was given.'],
    [{ text: Float32Array.of(1) }, true, 'Example 3 has no text: a Float32Array was given.'],
    ['a text', false, 'Example 3 has no values: "a text" was given.'],
    [{ values: [[1, 2], [3]] }, false, 'Example 3, step 2: the row has 1 number, but the first step has 2.'],
    [{ values: [[1], [Number.NaN]] }, false, 'Example 3, step 2: number 1 of the row is NaN.'],
    [{ values: [[1], 4] }, false, 'Example 3, step 2: a row of numbers was expected, but 4 was given.'],
    [{ values: [4] }, false, 'Example 3, step 1: a row of numbers was expected, but 4 was given.'],
    [{ values: Float32Array.of(1) }, false, 'Example 3 has no values: a Float32Array was given.'],
    [{ values: [Float32Array.of(1), Float32Array.of(1, 2)] }, false, 'step 2: the row has 2 numbers, but the first'],
    [{ values: [Float32Array.of(1, Number.NaN)] }, false, 'Example 3, step 1: number 2 of the row is NaN.'],
    [{ values: [['1']] }, false, 'Example 3, step 1: number 1 of the row is "1".'],
  ];
  it.each(wrong)('%j is refused with its place', (input, isText, message) => {
    expect(() => readInput(input as string, 'Example 3', isText ? letters : undefined)).toThrow(message);
  });

  it('is empty or not, and has a place', () => {
    expect([' ', { text: '\n' }, { values: [] }].map((input) => isEmptyInput(input))).toEqual([true, true, true]);
    expect(isEmptyInput({ text: 'a' })).toBe(false);
    expect([placeOf('a', 4), placeOf({ text: 'a', origin: 'x.csv line 2' }, 4)]).toEqual(['Example 5', 'x.csv line 2']);
  });
});
