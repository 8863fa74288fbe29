// Scaling against scikit-learn, and that fitters of parts put together are the fitter of all.
import type { Encoder } from '@unrolled/core';
import { type GoldenTensor, relativeError, scalerCases } from '@unrolled/goldens';
import { type NumericOptions, numericVectorizer } from '@unrolled/vectorizer-numeric';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

type Rows = readonly (readonly number[])[];

const rowsOf = ({ shape: [steps = 0, features = 0], data }: GoldenTensor): Rows =>
  Array.from({ length: steps }, (_, step) => [...data.subarray(step * features, (step + 1) * features)]);

function fitter(examples: readonly Rows[], options: Partial<NumericOptions>) {
  const begun = numericVectorizer(options).fit();
  for (const example of examples) begun.add(example);
  return begun;
}

/** What is taken off and what is divided by, of each feature. */
function scalingIn(encoder: Encoder): Float64Array {
  const { scaling } = encoder.toJSON() as {
    readonly scaling: Readonly<Record<'shift' | 'divisor', readonly number[]>>;
  };
  return Float64Array.of(...scaling.shift, ...scaling.divisor);
}

describe.each(['standardize', 'range'] as const)('%s', (scale) => {
  test.each(scalerCases())('equals scikit-learn: $name', (golden) => {
    const encoder = fitter(golden.training.map(rowsOf), { scale }).build();
    [...golden.training, ...golden.others].forEach((values, index) => {
      const encoded = encoder.encode(rowsOf(values));
      if (encoded.kind !== 'vectors') throw new Error('vectors are expected');
      expect(relativeError(encoded.values, (golden[scale][index] as GoldenTensor).data)).toBeLessThan(1e-11);
    });
  });

  test('features that never change become 0, and are counted', () => {
    const encoder = fitter(
      [
        [
          [0.1, 5],
          [0.1, 6],
        ],
        [[0.1, 9]],
      ],
      { scale },
    ).build();
    expect(encoder.report()).toMatchObject({ features: 2, constantFeatures: 1 });
    const encoded = encoder.encode([
      [0.1, 5],
      [0.1, 9],
    ]);
    if (encoded.kind !== 'vectors') throw new Error('vectors are expected');
    expect([encoded.values[0], encoded.values[2]]).toEqual([0, 0]);
    if (scale === 'range') expect([...encoded.values]).toEqual([0, 0, 0, 1]);
  });

  test('refuses numbers whose spread is no number any more', () => {
    const size = scale === 'standardize' ? 1e300 : 1.7e308;
    const seen = fitter([[[size], [-size]]], { scale });
    expect(() => seen.build()).toThrow(`Number 1 of the steps goes from ${-size} to ${size}: too far to scale.`);
  });

  test('of two parts: as one pass over both, within 1e-12, and the same bits each time', () => {
    const value = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((thousandths) => thousandths / 1000);
    const row = fc.array(value, { minLength: 3, maxLength: 3 });
    const examples = fc.array(fc.array(row, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(examples, examples, (first, second) => {
        const merged = () => {
          const all = fitter(first, { scale });
          all.merge(fitter(second, { scale }));
          return all.build();
        };
        const whole = fitter([...first, ...second], { scale }).build();
        expect(merged().toJSON()).toEqual(merged().toJSON());
        expect(merged().report()).toEqual(whole.report());
        expect(relativeError(scalingIn(merged()), scalingIn(whole))).toBeLessThan(1e-12);
      }),
      { numRuns: 300 },
    );
  });
});

test('scales patches by the place in the patch, over all patches', () => {
  const encoder = fitter(
    [
      [
        [0, 5, 2, 5],
        [1, 7, 3, 9],
      ],
    ],
    { steps: 'patches', patch: 2, scale: 'range' },
  ).build();
  const encoded = encoder.encode([
    [0, 5, 2, 5],
    [1, 7, 3, 9],
  ]);
  expect(encoded).toMatchObject({ values: Float64Array.of(0, 0, 0, 0, 1, 0, 1, 1), size: 4 });
});

describe('putting fitters together', () => {
  test('with one that has seen nothing', () => {
    const full = fitter([[[1], [2]]], { scale: 'standardize' });
    const before = full.build().toJSON();
    full.merge(fitter([], { scale: 'standardize' }));
    expect(full.build().toJSON()).toEqual(before);
    const empty = fitter([], { scale: 'standardize' });
    empty.merge(full);
    expect(empty.build().toJSON()).toEqual(before);
  });

  test('is refused where they do not fit', () => {
    const mismatch = expect.objectContaining({ code: 'FITTER_MISMATCH' });
    const rows = fitter([[[1, 2]]], {});
    expect(() => rows.merge(fitter([[[1]]], {}))).toThrow(mismatch);
    expect(() => rows.merge(fitter([[[1]]], {}))).toThrow(
      'One fitter has seen rows of 2 numbers, the other rows of 1 number.',
    );
    expect(() => rows.merge(fitter([], { steps: 'whole' }))).toThrow(mismatch);
    expect(() => rows.merge({ add: () => {}, build: () => rows.build() })).toThrow(mismatch);
  });
});
