// Products on the cpu backend: equal to sums written out, in every size near the tiles, and to TensorFlow.js's own.
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { createProduct } from '../src/cpu-product.ts';

const multiply = createProduct();

const sizes = Array.from({ length: 9 }, (_, i) => i + 1);

test.each(sizes)('is the sum of products, rounded once, of %i rows', (m) => {
  for (const k of sizes) {
    for (const n of sizes) {
      const [a, b] = [numbers(m * k, k), numbers(k * n, n)];
      const expected = Float32Array.from({ length: m * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        let sum = 0;
        for (let p = 0; p < k; p++) sum += (a[i * k + p] as number) * (b[p * n + j] as number);
        return sum;
      });
      expect(multiply(a, b, m, k, n)).toEqual(expected);
    }
  }
});

test('what an earlier, larger product left in memory does not matter', () => {
  multiply(new Float32Array(900).fill(Number.NaN), new Float32Array(900).fill(Infinity), 30, 30, 30);
  expect([...multiply(Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6), 1, 3, 1)]).toEqual([32]);
  expect([...multiply(Float32Array.of(1, 2, 3), Float32Array.of(4), 3, 1, 1)]).toEqual([4, 8, 12]);
});

test('an infinity stays in its row and column', () => {
  const a = new Float32Array(15).fill(1);
  a[4] = Infinity;
  const product = multiply(a, new Float32Array(15).fill(1), 5, 3, 5);
  expect([...product].map(Number.isFinite)).toEqual(Array.from({ length: 25 }, (_, at) => Math.floor(at / 5) !== 1));
});

test('agrees with TensorFlow.js', async () => {
  await tf.setBackend('cpu');
  const [a, b] = [numbers(37 * 61, 1), numbers(61 * 43, 2)];
  const theirs = tf.tidy(() => tf.matMul(tf.tensor(a, [37, 61]), tf.tensor(b, [61, 43])).dataSync());
  multiply(a, b, 37, 61, 43).forEach((value, at) => {
    expect(Math.abs(value - (theirs[at] as number))).toBeLessThan(1e-5);
  });
});

/** Between −1 and 1. */
function numbers(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223;
    return state / 2 ** 31;
  });
}
