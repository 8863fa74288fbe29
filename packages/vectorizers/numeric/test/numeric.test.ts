// Rows, patches and whole pictures as steps, against the picture's own pixels; what is saved; and what is refused.

import { isUnrolledError } from '@unrolled/core';
import { mnistDataset } from '@unrolled/dataset-mnist';
import { type NumericOptions, numeric, numericVectorizer } from '@unrolled/vectorizer-numeric';
import { describe, expect, test } from 'vitest';

type Rows = readonly (readonly number[])[];

function fitted(examples: readonly Rows[], options: Partial<NumericOptions> = {}) {
  const fitter = numericVectorizer(options).fit();
  for (const example of examples) fitter.add(example);
  return fitter.build();
}

/** Pixels whose value tells where they are: row, column, channel. */
const picture = (height: number, width: number, channels: number): Rows =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width * channels }, (_, i) => 10_000 * y + 10 * Math.floor(i / channels) + (i % channels)),
  );

describe('steps', () => {
  test('rows, of which there may be any number', () => {
    const encoder = fitted([
      [
        [1, 2],
        [3, 4],
      ],
      [[5, 6]],
    ]);
    expect(encoder.input).toEqual({ kind: 'vectors', size: 2 });
    const encoded = encoder.encode([
      [7, 8],
      [9, 10],
      [11, 12],
    ]);
    expect(encoded).toEqual({ kind: 'vectors', values: Float64Array.of(7, 8, 9, 10, 11, 12), size: 2 });
    expect(encoder.report()).toEqual({ examples: 2, steps: 3, features: 2 });
  });

  test('patches of a picture in colours: [patch, patch, channels], from the top left', () => {
    const encoder = fitted([picture(4, 6, 3)], { steps: 'patches', patch: 2, channels: 3 });
    expect(encoder.input).toEqual({ kind: 'vectors', size: 12 });
    const encoded = encoder.encode(picture(4, 6, 3));
    if (encoded.kind !== 'vectors') throw new Error('vectors are expected');
    const expected = [];
    for (const top of [0, 2])
      for (const left of [0, 2, 4])
        for (const y of [top, top + 1])
          for (const x of [left, left + 1])
            for (const channel of [0, 1, 2]) expected.push(10_000 * y + 10 * x + channel);
    expect([...encoded.values]).toEqual(expected);
    expect(encoder.report()).toEqual({ examples: 1, steps: 6, features: 12 });
  });

  test('the whole picture', async () => {
    for await (const { values: rows = [] } of mnistDataset({ split: 'test' })) {
      const values = rows.map((row) => [...row]);
      const encoder = fitted([values], { steps: 'whole' });
      expect(encoder.input).toEqual({ kind: 'vectors', size: 784 });
      expect(encoder.encode(values)).toEqual({
        kind: 'vectors',
        values: Float64Array.from(values.flat()),
        size: 784,
      });
      break;
    }
  });
});

describe('saving', () => {
  const options: readonly Partial<NumericOptions>[] = [
    {},
    { scale: 'standardize' },
    { steps: 'whole', scale: 'range' },
    { steps: 'patches', patch: 2, scale: 'standardize' },
  ];

  test.each(options)('through JSON and back: %o', (given) => {
    const encoder = fitted([picture(4, 6, 1), [...picture(4, 6, 1)].reverse()], given);
    const restored = numericVectorizer(given).restore(JSON.parse(JSON.stringify(encoder.toJSON())));
    const other = picture(4, 6, 1).map((row) => row.map((value) => value / 3 - 7));
    expect(restored.encode(other)).toEqual(encoder.encode(other));
    expect([restored.input, restored.report(), restored.toJSON()]).toEqual([
      encoder.input,
      encoder.report(),
      encoder.toJSON(),
    ]);
    expect(() => restored.encode([[1]])).toThrow('Step 1 has 1 number, but those that were fitted on have 6.');
  });

  const saved = { width: 2, examples: 3, steps: 9, scaling: { shift: [0, 0], divisor: [1, 2], constant: 0 } };
  test.each([
    ['no width', { ...saved, width: 0 }, 'the width of its rows is 0'],
    ['a height, of rows', { ...saved, height: 4 }, 'its steps are rows, but the height of its pictures is 4'],
    ['no count of steps', { ...saved, steps: -1 }, 'fitted on 3 examples and -1 steps'],
    ['no scaling', { ...saved, scaling: undefined }, 'its scale is "standardize", but undefined is said'],
    ['too few shifts', { ...saved, scaling: { ...saved.scaling, shift: [0] } }, 'not 2 numbers'],
    ['division by 0', { ...saved, scaling: { ...saved.scaling, divisor: [1, 0] } }, 'not 2 numbers above 0'],
    ['a number too many', { ...saved, scaling: { ...saved.scaling, constant: 0.5 } }, '0.5 of its features'],
  ])('%s is refused', (_, data, message) => {
    const { restore } = numericVectorizer({ scale: 'standardize' });
    expect(restore(saved).toJSON()).toEqual(saved);
    expect(() => restore(data)).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
    expect(() => restore(data)).toThrow(message);
  });

  test('what options and data disagree about is refused', () => {
    const whole = fitted([picture(4, 6, 1)], { steps: 'whole' }).toJSON();
    expect(() => numericVectorizer().restore(whole)).toThrow('its steps are rows, but the height');
    expect(() => numericVectorizer({ steps: 'patches' }).restore(whole)).toThrow(
      "is damaged: Patches of 8 × 8 pixels don't cover a picture of 6 × 4.",
    );
    expect(() => numericVectorizer({ steps: 'whole', scale: 'range' }).restore(whole)).toThrow(
      'its scale is "range", but undefined is said',
    );
  });
});

describe('what is refused', () => {
  const invalid = (run: () => unknown, message: string) => {
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ code: 'EXAMPLE_INVALID' }));
  };

  test('rows of another width, with the step and both widths', () => {
    const encoder = fitted([[[1, 2]]]);
    invalid(
      () => encoder.encode([[1, 2], [3]]),
      'Step 2 has 1 number, but those that were fitted on have 2. Bring all rows to one width',
    );
    invalid(() => encoder.encode([[3]], 7), 'Step 8 has 1 number');
    const fitter = numericVectorizer().fit();
    invalid(() => fitter.add([[1, 2], [3]]), 'Step 2 has 1 number, but the first step has 2.');
    invalid(() => fitter.add([[]]), 'Step 1 has no numbers.');
    fitter.add([[1, 2]]);
    invalid(() => fitter.add([[1, 2, 3]]), 'Step 1 has 3 numbers, but those that were fitted on have 2.');
    expect(fitter.build().report()).toMatchObject({ examples: 1, steps: 1 });
  });

  test('pictures of another size, and ones that patches do not cover', () => {
    const encoder = fitted([picture(4, 6, 1)], { steps: 'whole' });
    invalid(
      () => encoder.encode(picture(5, 6, 1)),
      'The picture has 5 rows, but those that were fitted on have 4. Bring all pictures to one size',
    );
    const fit = (options: Partial<NumericOptions>) => () =>
      fitted([picture(16, 28, 1)], { steps: 'patches', ...options });
    invalid(fit({}), "Patches of 8 × 8 pixels don't cover a picture of 28 × 16. Choose another patch");
    invalid(fit({ patch: 7 }), "Patches of 7 × 7 pixels don't cover a picture of 28 × 16.");
    invalid(fit({ channels: 3 }), 'A row of 28 numbers does not hold whole pixels of 3 channels.');
    expect(fit({ patch: 4 })().input).toEqual({ kind: 'vectors', size: 16 });
  });

  test.each([
    [[[1, Number.NaN]], 'Step 1, number 2, must be a finite number, but NaN was given.'],
    [
      [
        [1, 2],
        [-Infinity, 0],
      ],
      'Step 2, number 1, must be a finite number, but -Infinity was given.',
    ],
    [[[1, '2']], 'Step 1, number 2, must be a finite number, but "2" was given.'],
    [['ab'], 'Step 1 must be a row of numbers, but "ab" was given.'],
  ])('%j', (rows, message) => {
    invalid(() => fitted([[[1, 2]]]).encode(rows as unknown as Rows), message);
    invalid(
      () =>
        numericVectorizer()
          .fit()
          .add(rows as unknown as Rows),
      message,
    );
  });

  test('nothing to fit on', () => {
    const fitter = numericVectorizer().fit();
    fitter.add([]);
    expect(() => fitter.build()).toThrow('No example has a step, so the size of a step is not known.');
    expect(() => fitter.build()).toThrow(expect.objectContaining({ code: 'DATA_EMPTY' }));
  });

  test('numbers too far apart or too far from the others to scale', () => {
    for (const scale of ['range', 'standardize'] as const) {
      let error: unknown;
      try {
        fitted([[[0, -1.7e308]], [[0, 1.7e308]]], { scale });
      } catch (thrown) {
        error = thrown;
      }
      expect(isUnrolledError(error, 'DATA_INVALID')).toBe(true);
      expect((error as Error).message).toMatch(/^Number 2 of the steps goes from -1\.7e\+308 to 1\.7e\+308: too far/);
    }
    const encoder = fitted([[[0], [1e-9]]], { scale: 'range' });
    invalid(
      () => encoder.encode([[0], [1e300]]),
      'Step 2, number 1, lies too far from what was fitted on to be scaled.',
    );
  });

  test('options', () => {
    expect(() => numericVectorizer({ patch: 0 })).toThrow(
      'vectorizer "numeric": option "patch" must be a whole number from 1 to 16777216, but 0 was given.',
    );
    expect(numeric.options.defaults).toEqual({ steps: 'rows', patch: 8, channels: 1, scale: 'none' });
  });
});
