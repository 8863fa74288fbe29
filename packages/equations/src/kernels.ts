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

/** Loops of the elementwise functions of two arguments. The common ones read a scalar once. */
export const binaryLoops: Readonly<Record<Binary, BinaryLoop>> = {
  add: (out, o, a, x, xStep, b, y, yStep, n) => {
    const [left, right] = [a[x] as number, b[y] as number];
    if (xStep === 0) for (let i = 0; i < n; i++) out[o + i] = left + (b[y + i * yStep] as number);
    else if (yStep === 0) for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) + right;
    else for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) + (b[y + i] as number);
  },
  subtract: (out, o, a, x, xStep, b, y, yStep, n) => {
    const [left, right] = [a[x] as number, b[y] as number];
    if (xStep === 0) for (let i = 0; i < n; i++) out[o + i] = left - (b[y + i * yStep] as number);
    else if (yStep === 0) for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) - right;
    else for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) - (b[y + i] as number);
  },
  multiply: (out, o, a, x, xStep, b, y, yStep, n) => {
    const [left, right] = [a[x] as number, b[y] as number];
    if (xStep === 0) for (let i = 0; i < n; i++) out[o + i] = left * (b[y + i * yStep] as number);
    else if (yStep === 0) for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) * right;
    else for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) * (b[y + i] as number);
  },
  divide: (out, o, a, x, xStep, b, y, yStep, n) => {
    const [left, right] = [a[x] as number, b[y] as number];
    if (xStep === 0) for (let i = 0; i < n; i++) out[o + i] = left / (b[y + i * yStep] as number);
    else if (yStep === 0) for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) / right;
    else for (let i = 0; i < n; i++) out[o + i] = (a[x + i] as number) / (b[y + i] as number);
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

/** A run of vectors: the first at an offset, each next one `step` further. */
export interface Vectors {
  readonly data: Float64Array;
  readonly from: number;
  readonly step: number;
  readonly size: number;
}

/**
 * `out[i, j] += Σ a[p, i] b[p, j]` over `n` positions in order. Two rows by four columns of `out` are summed at a time, so
 * that they are read and written once.
 */
export function addOuters(out: Float64Array, o: number, a: Vectors, b: Vectors, n: number): void {
  const [rows, columns] = [a.size, b.size];
  const [wholeRows, wholeColumns] = [rows - (rows % 2), columns - (columns % 4)];
  for (let i = 0; i < wholeRows; i += 2)
    for (let j = 0; j < wholeColumns; j += 4) addTile(out, o + i * columns + j, columns, a, i, b, j, n);
  for (let i = 0; i < rows; i++)
    for (let j = i < wholeRows ? wholeColumns : 0; j < columns; j++)
      addProducts(out, o + i * columns + j, a, i, b, j, n);
}

function addTile(
  out: Float64Array,
  o: number,
  columns: number,
  a: Vectors,
  i: number,
  b: Vectors,
  j: number,
  n: number,
): void {
  const [left, right] = [a.data, b.data];
  const below = o + columns;
  let s00 = out[o] as number;
  let s01 = out[o + 1] as number;
  let s02 = out[o + 2] as number;
  let s03 = out[o + 3] as number;
  let s10 = out[below] as number;
  let s11 = out[below + 1] as number;
  let s12 = out[below + 2] as number;
  let s13 = out[below + 3] as number;
  let x = a.from + i;
  let y = b.from + j;
  for (let p = 0; p < n; p++) {
    const a0 = left[x] as number;
    const a1 = left[x + 1] as number;
    const b0 = right[y] as number;
    const b1 = right[y + 1] as number;
    const b2 = right[y + 2] as number;
    const b3 = right[y + 3] as number;
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    x += a.step;
    y += b.step;
  }
  out[o] = s00;
  out[o + 1] = s01;
  out[o + 2] = s02;
  out[o + 3] = s03;
  out[below] = s10;
  out[below + 1] = s11;
  out[below + 2] = s12;
  out[below + 3] = s13;
}

function addProducts(out: Float64Array, o: number, a: Vectors, i: number, b: Vectors, j: number, n: number): void {
  let sum = out[o] as number;
  for (let p = 0; p < n; p++)
    sum += (a.data[a.from + i + p * a.step] as number) * (b.data[b.from + j + p * b.step] as number);
  out[o] = sum;
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
