// Reductions in one order that depends on the number of elements alone.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32, type F32x4, F64, F32x4 as Four, I32 } from '../assembler/values.ts';
import { type Arrays, eachVector, type Vectors } from './map.ts';

/** How elements are brought together. */
export interface Reduction<Inputs extends string> {
  /** What each lane begins with, and what a term is where an array ends within a vector: it changes nothing. */
  readonly identity: number;
  /** What four elements contribute; for a missing element of the inputs, whose value is `identity`, it must be `identity`. */
  readonly term: (inputs: Vectors<Inputs>) => F32x4;
  /** Joins two partial results. */
  readonly combine: (a: F32x4, b: F32x4) => F32x4;
}

/**
 * Brings `count` elements together: lane l takes elements l, l + 4, l + 8 … in order; then (lane 0, lane 2) and
 * (lane 1, lane 3) meet, and then these two. The result stands in lane 0.
 */
export function reduceVectors<Inputs extends string>(
  f: FunctionBuilder,
  count: I32,
  inputs: Arrays<Inputs>,
  { identity, term, combine }: Reduction<Inputs>,
): Variable<F32> {
  const lanes = f.let('reduced', Four.const(identity));
  eachVector(f, count, inputs, (vectors) => f.set(lanes, combine(lanes, term(vectors))), identity);
  f.set(lanes, combine(lanes, lanes.shuffle(lanes, 2, 3, 2, 3)));
  f.set(lanes, combine(lanes, lanes.shuffle(lanes, 1, 1, 1, 1)));
  return f.let('result', lanes.lane(0));
}

/** Elements of a block whose sum is one float32. */
export const SUM_BLOCK = 1024;

/** Bytes of the sums of the blocks of `count` elements. */
export function blockSumBytes(count: number): number {
  return 4 * Math.ceil(count / SUM_BLOCK);
}

/**
 * Writes the sum of each block of 1024 elements of `term`, one float32 each, to `sums`. Threads may each take some of the
 * blocks: a block begins at a multiple of 1024 elements whoever computes it.
 */
export function blockSums<Inputs extends string>(
  f: FunctionBuilder,
  count: I32,
  inputs: Arrays<Inputs>,
  sums: I32,
  term: Reduction<Inputs>['term'],
): void {
  const left = f.let('left', count);
  const to = f.let('to', sums);
  const from = Object.fromEntries(
    Object.entries<Variable<I32>>(inputs).map(([name, array]) => [name, f.let(`${name}_block`, array)]),
  ) as unknown as Arrays<Inputs>;
  f.while(
    () => left,
    () => {
      const size = f.let('size', left.ltU(SUM_BLOCK).select(left, I32.const(SUM_BLOCK)));
      f.store(to, reduceVectors(f, size, from, { identity: 0, term, combine: (a, b) => a.add(b) }));
      for (const array of Object.values<Variable<I32>>(from)) f.set(array, array.add(4 * SUM_BLOCK));
      f.set(to, to.add(4));
      f.set(left, left.sub(size));
    },
  );
}

/** The sum of `count` float32 at `values` in the order of their index, in float64. */
export function sumInOrder(f: FunctionBuilder, count: I32, values: I32): Variable<F64> {
  const sum = f.let('sum', F64.const(0));
  const from = f.let('values', values);
  f.for('index', 0, count, 1, () => {
    f.set(sum, sum.add(F32.load(from).toF64()));
    f.set(from, from.add(4));
  });
  return sum;
}
