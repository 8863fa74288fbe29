// Float64 loops of the interpreter, one per primitive. Each sums in index order, so results depend on nothing else.
import { cos, erf, exp, log, sigmoid, sin, softplus, tanh } from '@unrolled/core';
import type { Binary, Unary } from './ir.ts';

/** `out[o…] = f(a[x…])` over `n` elements. */
export type UnaryLoop = (out: Float64Array, o: number, a: Float64Array, x: number, n: number) => void;

/** The same of two operands; a step of 0 repeats a scalar. */
export type BinaryLoop = (
  out: Float64Array,
  o: number,
  a: Float64Array,
  x: number,
  xStep: number,
  b: Float64Array,
  y: number,
  yStep: number,
  n: number,
) => void;

// One loop per function: a call through a variable would cost more than the arithmetic.

/** Loops of the elementwise functions of one argument. */
export const unaryLoops: Readonly<Record<Unary, UnaryLoop>> = {
  exp: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = exp(a[x + i] as number);
  },
  log: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = log(a[x + i] as number);
  },
  sqrt: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = Math.sqrt(a[x + i] as number);
  },
  abs: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = Math.abs(a[x + i] as number);
  },
  sin: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = sin(a[x + i] as number);
  },
  cos: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = cos(a[x + i] as number);
  },
  tanh: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = tanh(a[x + i] as number);
  },
  sigmoid: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = sigmoid(a[x + i] as number);
  },
  softplus: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = softplus(a[x + i] as number);
  },
  erf: (out, o, a, x, n) => {
    for (let i = 0; i < n; i++) out[o + i] = erf(a[x + i] as number);
  },
};

/** Loops of the elementwise functions of two arguments. */
export const binaryLoops: Readonly<Record<Binary, BinaryLoop>> = {
  add: (out, o, a, x, xStep, b, y, yStep, n) => {
    for (let i = 0; i < n; i++) out[o + i] = (a[x + i * xStep] as number) + (b[y + i * yStep] as number);
  },
  subtract: (out, o, a, x, xStep, b, y, yStep, n) => {
    for (let i = 0; i < n; i++) out[o + i] = (a[x + i * xStep] as number) - (b[y + i * yStep] as number);
  },
  multiply: (out, o, a, x, xStep, b, y, yStep, n) => {
    for (let i = 0; i < n; i++) out[o + i] = (a[x + i * xStep] as number) * (b[y + i * yStep] as number);
  },
  divide: (out, o, a, x, xStep, b, y, yStep, n) => {
    for (let i = 0; i < n; i++) out[o + i] = (a[x + i * xStep] as number) / (b[y + i * yStep] as number);
  },
  maximum: (out, o, a, x, xStep, b, y, yStep, n) => {
    for (let i = 0; i < n; i++) {
      const left = a[x + i * xStep] as number;
      const right = b[y + i * yStep] as number;
      out[o + i] = left >= right || Number.isNaN(left) ? left : right;
    }
  },
  minimum: (out, o, a, x, xStep, b, y, yStep, n) => {
    for (let i = 0; i < n; i++) {
      const left = a[x + i * xStep] as number;
      const right = b[y + i * yStep] as number;
      out[o + i] = left <= right || Number.isNaN(left) ? left : right;
    }
  },
};

/** `out = W v` for W `[rows, columns]`; four rows at a time, each summed over columns in order. */
export function matrixVector(
  out: Float64Array,
  o: number,
  w: Float64Array,
  at: number,
  v: Float64Array,
  x: number,
  rows: number,
  columns: number,
): void {
  let i = 0;
  for (; i + 3 < rows; i += 4) {
    const row = at + i * columns;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < columns; j++) {
      const value = v[x + j] as number;
      s0 += (w[row + j] as number) * value;
      s1 += (w[row + columns + j] as number) * value;
      s2 += (w[row + 2 * columns + j] as number) * value;
      s3 += (w[row + 3 * columns + j] as number) * value;
    }
    out[o + i] = s0;
    out[o + i + 1] = s1;
    out[o + i + 2] = s2;
    out[o + i + 3] = s3;
  }
  for (; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (w[at + i * columns + j] as number) * (v[x + j] as number);
    out[o + i] = sum;
  }
}

/** `out = Wᵀ v` for W `[rows, columns]`; four columns at a time, each summed over rows in order. */
export function transposedMatrixVector(
  out: Float64Array,
  o: number,
  w: Float64Array,
  at: number,
  v: Float64Array,
  x: number,
  rows: number,
  columns: number,
): void {
  let j = 0;
  for (; j + 3 < columns; j += 4) {
    let row = at + j;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < rows; i++) {
      const value = v[x + i] as number;
      s0 += (w[row] as number) * value;
      s1 += (w[row + 1] as number) * value;
      s2 += (w[row + 2] as number) * value;
      s3 += (w[row + 3] as number) * value;
      row += columns;
    }
    out[o + j] = s0;
    out[o + j + 1] = s1;
    out[o + j + 2] = s2;
    out[o + j + 3] = s3;
  }
  for (; j < columns; j++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += (w[at + i * columns + j] as number) * (v[x + i] as number);
    out[o + j] = sum;
  }
}

/**
 * `out[i, j] += Σ a[p, i] b[p, j]` over `n` positions in order, which lie `aStep` and `bStep` apart; four positions at a
 * time, so that `out` is read and written less often.
 */
export function addOuters(
  out: Float64Array,
  o: number,
  a: Float64Array,
  x: number,
  aStep: number,
  rows: number,
  b: Float64Array,
  y: number,
  bStep: number,
  columns: number,
  n: number,
): void {
  let p = 0;
  for (; p + 3 < n; p += 4) {
    const [x0, y0] = [x + p * aStep, y + p * bStep];
    const [x1, y1] = [x0 + aStep, y0 + bStep];
    const [x2, y2] = [x1 + aStep, y1 + bStep];
    const [x3, y3] = [x2 + aStep, y2 + bStep];
    for (let i = 0; i < rows; i++) {
      const a0 = a[x0 + i] as number;
      const a1 = a[x1 + i] as number;
      const a2 = a[x2 + i] as number;
      const a3 = a[x3 + i] as number;
      const row = o + i * columns;
      for (let j = 0; j < columns; j++) {
        const two = (out[row + j] as number) + a0 * (b[y0 + j] as number) + a1 * (b[y1 + j] as number);
        out[row + j] = two + a2 * (b[y2 + j] as number) + a3 * (b[y3 + j] as number);
      }
    }
  }
  for (; p < n; p++) addOuter(out, o, a, x + p * aStep, rows, b, y + p * bStep, columns);
}

function addOuter(
  out: Float64Array,
  o: number,
  a: Float64Array,
  x: number,
  rows: number,
  b: Float64Array,
  y: number,
  columns: number,
): void {
  for (let i = 0; i < rows; i++) {
    const value = a[x + i] as number;
    const row = o + i * columns;
    for (let j = 0; j < columns; j++) out[row + j] = (out[row + j] as number) + value * (b[y + j] as number);
  }
}

/** `out[o + i·step] += a[x + i]` over `n` elements. */
export function addTo(out: Float64Array, o: number, step: number, a: Float64Array, x: number, n: number): void {
  for (let i = 0; i < n; i++) out[o + i * step] = (out[o + i * step] as number) + (a[x + i] as number);
}

/** The place of the first largest of `n` numbers that lie `step` apart. A NaN counts as largest, so that it is not lost. */
export function firstLargest(data: Float64Array, from: number, n: number, step: number): number {
  let place = 0;
  for (let i = 1; i < n; i++) {
    const best = data[from + place * step] as number;
    const next = data[from + i * step] as number;
    if (next > best || (Number.isNaN(next) && !Number.isNaN(best))) place = i;
  }
  return place;
}
