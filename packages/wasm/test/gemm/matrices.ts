// A module with every product, matrices in its memory, and the plain loop that says what each must give.
import { GEMM_SCRATCH_BYTES, gemm, ModuleBuilder } from '../../src/index.ts';

/** One product: its sizes, and rows of the matrices that are longer than they need be. */
export interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly accumulate?: boolean;
  /** Numbers at the end of each row that belong to no matrix. */
  readonly gap?: number;
}

/** Terms that are summed before they are added to the result. */
const BLOCK = 256;

const pages = 400;
const scratch = 0;
const first = GEMM_SCRATCH_BYTES;

function instantiate(): { exports: Record<string, any>; floats: Float32Array } {
  const module = new ModuleBuilder({ memory: { minimum: pages, export: 'memory' } });
  for (const one of Object.values(gemm(module))) module.export(one);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBinary()));
  return { exports, floats: new Float32Array((exports.memory as WebAssembly.Memory).buffer) };
}

const { exports, floats } = instantiate();

/** How A and B are given. */
export type Form = 'NN' | 'NT' | 'TN' | 'packed' | 'packed from NT';

/** What no product may touch. */
const UNTOUCHED = 12345.5;

export interface Operands {
  /** Rows are `rows`. */
  readonly a: (i: number, k: number) => number;
  readonly b: (k: number, j: number) => number;
  readonly c: (i: number, j: number) => number;
}

/**
 * C of `shape` by the module, with all that lies around it in `untouched`; the part of C that is computed may be a window.
 */
export function multiply(
  form: Form,
  shape: Shape,
  { a, b, c }: Operands,
  from = { row: 0, column: 0 },
): { result: Float32Array; untouched: boolean } {
  const { rows, columns, depth, gap = 0 } = shape;
  const aShape = form === 'TN' ? [depth, rows] : [rows, depth];
  const transposedB = form === 'NT' || form === 'packed from NT';
  const bShape = transposedB ? [columns, depth] : [depth, columns];
  const width = (shape: number[]): number => (shape[1] as number) + gap;
  const aAt = first / 4 + 3;
  const bAt = aAt + (aShape[0] as number) * width(aShape) + 1;
  const packedAt = bAt + (bShape[0] as number) * width(bShape) + 1;
  const cAt = packedAt + depth * (columns + 8) + 5;
  const cWidth = columns + gap;
  const end = cAt + rows * cWidth + 64;
  if (end > floats.length) throw new Error('The matrices are too large for the memory of this test.');
  floats.fill(UNTOUCHED, aAt - 3, end);
  const put = (
    at: number,
    [height, length]: number[],
    stride: number,
    value: (i: number, j: number) => number,
  ): void => {
    for (let i = 0; i < (height as number); i++)
      for (let j = 0; j < (length as number); j++) floats[at + i * stride + j] = value(i, j);
  };
  const { row, column } = from;
  put(aAt, aShape, width(aShape), form === 'TN' ? (k, i) => a(row + i, k) : (i, k) => a(row + i, k));
  put(bAt, bShape, width(bShape), transposedB ? (j, k) => b(k, column + j) : (k, j) => b(k, column + j));
  if (shape.accumulate) put(cAt, [rows, columns], cWidth, (i, j) => c(row + i, column + j));
  const [aStride, bStride, cStride] = [4 * width(aShape), 4 * width(bShape), 4 * cWidth];
  const tail = [4 * cAt, cStride, rows, columns, depth, shape.accumulate ? 1 : 0, scratch];
  if (form.startsWith('packed')) {
    const pack = form === 'packed' ? 'pack' : 'pack_transposed';
    exports[pack](4 * bAt, bStride, 4 * packedAt, depth, columns);
    exports.packed_product(4 * aAt, aStride, 4 * packedAt, ...tail);
  } else {
    const name = { NN: 'product', NT: 'product_of_transposed', TN: 'transposed_product' }[form as 'NN' | 'NT' | 'TN'];
    exports[name](4 * aAt, aStride, 4 * bAt, bStride, ...tail);
  }
  const result = new Float32Array(rows * columns);
  let untouched = floats.subarray(cAt + rows * cWidth, end).every((value) => value === UNTOUCHED);
  for (let i = 0; i < rows; i++) {
    result.set(floats.subarray(cAt + i * cWidth, cAt + i * cWidth + columns), i * columns);
    const after = floats.subarray(cAt + i * cWidth + columns, cAt + (i + 1) * cWidth);
    untouched &&= after.every((value) => value === UNTOUCHED);
  }
  return { result, untouched };
}

/** The same by a plain loop in float32: sums of 256 terms, added in order. */
export function multiplyPlainly({ rows, columns, depth, accumulate }: Shape, { a, b, c }: Operands): Float32Array {
  const { fround } = Math;
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let value = accumulate ? fround(c(i, j)) : undefined;
      for (let start = 0; start === 0 || start < depth; start += BLOCK) {
        let sum = 0;
        for (let k = start; k < Math.min(depth, start + BLOCK); k++)
          sum = fround(sum + fround(fround(a(i, k)) * fround(b(k, j))));
        value = value === undefined ? sum : fround(value + sum);
      }
      result[i * columns + j] = value as number;
    }
  }
  return result;
}

/** Numbers that differ everywhere, of both signs and many magnitudes. */
export function operands(seed: number): Operands {
  const at = (which: number) => (i: number, j: number) => {
    let bits =
      Math.imul(seed * 3 + which + 1, 0x9e3779b1) ^ Math.imul(i + 1, 0x85ebca6b) ^ Math.imul(j + 1, 0xc2b2ae35);
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
    bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
    bits ^= bits >>> 15;
    return (bits / 2 ** 31) * 2 ** ((bits & 7) - 4);
  };
  return { a: at(0), b: at(1), c: at(2) };
}
