// The fit is where the objective's gradient vanishes, by a gradient that is written out anew here.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLogisticRegression, logOdds, type SparseRows } from '../src/logistic-regression.ts';
import { minimise } from '../src/minimise.ts';

describe('minimise', () => {
  it('finds the lowest point of a narrow valley', () => {
    const stretch = [1, 100, 1e4];
    const lowest = [3, -2, 0.5];
    const found = minimise(
      (point, gradient) => {
        let value = 0;
        stretch.forEach((factor, i) => {
          const away = (point[i] as number) - (lowest[i] as number);
          gradient[i] = factor * away;
          value += (factor * away * away) / 2;
        });
        return value;
      },
      new Float64Array(3),
      { tolerance: 1e-9, steps: 200 },
    );
    for (const [i, at] of lowest.entries()) expect(found[i]).toBeCloseTo(at, 9);
  });

  it('stops where it starts if nothing is lower, and after the steps it is given', () => {
    const bowl = (point: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 4 * (point[0] as number) ** 3;
      return (point[0] as number) ** 4;
    };
    expect([...minimise(bowl, new Float64Array(1), { tolerance: 1e-12, steps: 9 })]).toEqual([0]);
    // The first step has length 1.
    expect(minimise(bowl, Float64Array.of(3), { tolerance: 0, steps: 1 })[0]).toBeCloseTo(2, 12);
  });
});

const data = fc.array(
  fc.record({ columns: fc.uniqueArray(fc.integer({ min: 0, max: 7 })), target: fc.integer({ min: 0, max: 1 }) }),
  { minLength: 1, maxLength: 30 },
);

describe('logistic regression', () => {
  it('ends where the gradient is 0, for any data and strength', () => {
    fc.assert(
      fc.property(data, fc.constantFrom(0.01, 1, 100), (examples, strength) => {
        const rows = sparse(examples.map(({ columns }) => columns));
        const targets = examples.map(({ target }) => target);
        const model = fitLogisticRegression(rows, targets, strength);
        // The gradient of ½‖w‖² + C·Σ loss, over C·rows as the fit measures it.
        const slopes = [...model.weights].map((weight) => weight / (strength * targets.length));
        let biasSlope = 0;
        examples.forEach(({ columns, target }) => {
          const error = (1 / (1 + Math.exp(-logOdds(model, columns))) - target) / targets.length;
          for (const column of columns) slopes[column] = (slopes[column] as number) + error;
          biasSlope += error;
        });
        for (const slope of [...slopes, biasSlope]) expect(Math.abs(slope)).toBeLessThan(2e-6);
      }),
    );
  });

  it('gives the same bits each time', () => {
    const rows = sparse([[0, 1], [1, 2], [0], [2], []]);
    const [first, second] = [1, 2].map(() => fitLogisticRegression(rows, [0, 1, 0, 1, 1]));
    expect(second).toEqual(first);
  });
});

function sparse(rows: readonly (readonly number[])[]): SparseRows {
  let end = 0;
  const offsets = Int32Array.from([0, ...rows.map((columns) => (end += columns.length))]);
  return { offsets, columns: Int32Array.from(rows.flat()), width: 8 };
}
