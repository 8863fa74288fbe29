// Products agree bit for bit with a plain loop, whatever path computes them, and touch nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Form, multiply, multiplyPlainly, operands, type Shape } from './matrices.ts';

const forms: readonly Form[] = ['NN', 'NT', 'TN', 'packed', 'packed from NT'];
const bits = (values: Float32Array): Int32Array => new Int32Array(values.buffer, values.byteOffset, values.length);

function check(form: Form, shape: Shape, seed: number): void {
  const given = operands(seed);
  const { result, untouched } = multiply(form, shape, given);
  expect(bits(result)).toEqual(bits(multiplyPlainly(shape, given)));
  expect(untouched).toBe(true);
}

describe.each(forms)('a product, %s,', (form) => {
  test.each([false, true])('is that of the plain loop for every tile and edge (accumulate %s)', (accumulate) => {
    for (let rows = 1; rows <= 9; rows++)
      for (const columns of [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 31, 32, 33, 41])
        for (const depth of [1, 3, 8]) check(form, { rows, columns, depth, accumulate, gap: rows % 3 }, rows);
  });

  test('is that of the plain loop where k is cut into blocks', () => {
    for (const depth of [255, 256, 257, 511, 512, 700])
      for (const rows of [1, 4, 6])
        for (const accumulate of [false, true]) check(form, { rows, columns: 13, depth, accumulate, gap: 3 }, depth);
  });

  test('is that of the plain loop where rows and columns are cut into blocks', () => {
    check(form, { rows: 131, columns: 17, depth: 5, gap: 1 }, 1);
    check(form, { rows: 5, columns: 1043, depth: 4, accumulate: true }, 2);
    check(form, { rows: 1, columns: 1043, depth: 260 }, 3);
  });

  test('of nothing is nothing', () => {
    check(form, { rows: 0, columns: 5, depth: 5 }, 1);
    check(form, { rows: 5, columns: 0, depth: 5 }, 1);
    check(form, { rows: 3, columns: 5, depth: 0 }, 1);
    check(form, { rows: 3, columns: 5, depth: 0, accumulate: true }, 1);
  });

  test('has any shape', () => {
    const size = fc.integer({ min: 1, max: 70 });
    const shapes = fc.record({
      rows: size,
      columns: size,
      depth: fc.integer({ min: 1, max: 300 }),
      gap: fc.nat(5),
      accumulate: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, fc.nat(1000), (shape, seed) => check(form, shape, seed)),
      { numRuns: 40 },
    );
  });

  test('gives the same bits for any part of its rows and columns', () => {
    const given = operands(9);
    const whole = { rows: 21, columns: 45, depth: 300 };
    const { result } = multiply(form, whole, given);
    for (const [row, rows] of [
      [0, 1],
      [3, 2],
      [8, 5],
      [20, 1],
      [4, 17],
    ] as const) {
      for (const [column, columns] of [
        [0, 45],
        [7, 3],
        [8, 8],
        [13, 32],
        [44, 1],
      ] as const) {
        const part = multiply(form, { rows, columns, depth: 300 }, given, { row, column });
        for (let i = 0; i < rows; i++) {
          const at = (row + i) * whole.columns + column;
          expect(bits(part.result.slice(i * columns, (i + 1) * columns))).toEqual(bits(result.slice(at, at + columns)));
        }
      }
    }
  });
});

test('infinities and NaN go where the plain loop has them', () => {
  const plain = operands(4);
  const special = {
    ...plain,
    b: (k: number, j: number) => (k === 2 && j === 3 ? NaN : k === 1 && j === 8 ? Infinity : plain.b(k, j)),
  };
  for (const form of forms) {
    const shape = { rows: 5, columns: 9, depth: 6 };
    expect(multiply(form, shape, special).result).toEqual(multiplyPlainly(shape, special));
  }
});
