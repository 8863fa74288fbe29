// The innermost loops of a product: tiles of C whose sums stay in registers while k runs.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { F32x4, type I32 } from '../assembler/values.ts';
import { loadPartial, storePartial } from '../loops/partial.ts';

/** sum + a·b, with or without rounding in between. */
export type MultiplyAdd = (a: F32x4, b: F32x4, sum: F32x4) => F32x4;

/** Rounds after the multiplication and after the addition: the same bits on every machine. */
export const multiplyThenAdd: MultiplyAdd = (a, b, sum) => sum.add(b.mul(a));

/** Relaxed SIMD's fused form, where the machine has one. */
export const relaxedMultiplyAdd: MultiplyAdd = (a, b, sum) => a.relaxedMultiplyAdd(b, sum);

/** Where a tile reads and writes; strides are in bytes. */
export interface TilePlace {
  /** First element of the tile's rows of A, which stand side by side for each k. */
  readonly a: Variable<I32>;
  /** From k to k + 1 in A. */
  readonly aStep: Variable<I32> | number;
  /** First element of the tile's columns of B. */
  readonly b: I32;
  /** From k to k + 1 in B. */
  readonly bStep: Variable<I32> | number;
  /** First element of the tile in C. */
  readonly c: Variable<I32>;
  /** From row to row of C. */
  readonly cStride: I32;
  /** Terms of each sum. */
  readonly depth: Variable<I32>;
  /** Whether the sums are added to what C holds. */
  readonly accumulate: Variable<I32>;
}

/** The shape of a tile. */
export interface TileShape {
  readonly rows: number;
  /** Vectors of a panel that are computed, 1 or 2. */
  readonly vectors: number;
  /** From panel to panel of B in bytes, where the tile spans several of them. */
  readonly panelStride?: Variable<I32>;
  /** Lanes of the last vector that are stored, 1 to 4; all of them where it is left out. */
  readonly lanes?: Variable<I32>;
}

/** Panels of a tile of one row. Six sums hide the latency of an addition; with more, what is loaded finds no register. */
export const WIDE_PANELS = 3;

/** Steps of k in one round of the loop; one at the edge of a matrix, where code is not worth its length. */
const UNROLL = 8;
const VECTOR_BYTES = 16;

/**
 * Computes one tile: every sum begins at 0 and takes its terms in the order of k.
 *
 * A round of the loop can be left after each of its steps. That saves a loop for the last steps, and it keeps V8 from
 * loading the vectors of the whole round before it computes with any of them, which they would not find registers for.
 *
 * The pointer into A moves at each step: V8 has no address with an offset for a vector of one number, so that offsets from a
 * pointer that stands still would cost an instruction each, which is a tenth of the time.
 */
export function tile(f: FunctionBuilder, shape: TileShape, place: TilePlace, multiplyAdd: MultiplyAdd): void {
  const { aStep, bStep, depth } = place;
  const unroll = shape.lanes === undefined ? UNROLL : 1;
  const right = rightVectors(f, shape, place);
  const a = f.let('a_k', place.a);
  const left = times(shape.rows, (row): Source => ({ pointer: a, offset: 4 * row }));
  const end = f.let('a_end', a.add(depth.mul(aStep)));
  const sums = left.map((_, row) => right.map((_, v) => f.let(`sum${row}_${v}`, F32x4.const(0))));
  f.block('summed', (summed) => {
    summed.goIf(depth.eqz());
    f.loop('terms', (again) => {
      for (let step = 0; step < unroll; step++) {
        if (step > 0) summed.goIf(a.eq(end));
        const lanes = right.map(({ pointer, offset }) =>
          f.let('b', F32x4.load(pointer, offset + constant(bStep, step))),
        );
        for (const [row, { pointer, offset }] of left.entries()) {
          const factor = f.let('a', F32x4.loadSplat(pointer, offset));
          for (const [v, sum] of (sums[row] ?? []).entries())
            f.set(sum, multiplyAdd(factor, lanes[v] as Variable<F32x4>, sum));
        }
        advance(f, left, aStep);
        if (typeof bStep !== 'number') advance(f, right, bStep);
      }
      if (typeof bStep === 'number') advance(f, right, unroll * bStep);
      again.goIf(a.ne(end));
    });
  });
  finish(f, sums, shape, place);
}

/** The offset that a step of a round has by itself, where the pointer does not move in between. */
function constant(stride: number | Variable<I32>, step: number): number {
  return typeof stride === 'number' ? step * stride : 0;
}

/** Where something is read: at an offset from a pointer, which others may share. */
interface Source {
  readonly pointer: Variable<I32>;
  readonly offset: number;
}

/** Where the vectors of a row of B are read. */
function rightVectors(f: FunctionBuilder, { vectors, panelStride }: TileShape, { b }: TilePlace): Source[] {
  const panels = [f.let('b_k', b)];
  if (panelStride)
    while (panels.length < WIDE_PANELS) panels.push(f.let('b_k', (panels.at(-1) as Variable<I32>).add(panelStride)));
  return panels.flatMap((pointer) => times(vectors, (v) => ({ pointer, offset: v * VECTOR_BYTES })));
}

/** Moves every pointer once. */
function advance(f: FunctionBuilder, sources: readonly Source[], by: number | Variable<I32>): void {
  for (const pointer of new Set(sources.map((source) => source.pointer))) f.set(pointer, pointer.add(by));
}

/** Writes the sums to C, or adds them to it. */
function finish(f: FunctionBuilder, sums: Variable<F32x4>[][], { lanes }: TileShape, place: TilePlace): void {
  const { accumulate } = place;
  const c = f.let('c_row', place.c);
  for (const [index, row] of sums.entries()) {
    if (index > 0) f.set(c, c.add(place.cStride));
    for (const [v, sum] of row.entries()) {
      const offset = v * VECTOR_BYTES;
      const store = (): void => {
        f.if(accumulate, () => f.set(sum, F32x4.load(c, offset).add(sum)));
        f.store(c, sum, offset);
      };
      if (lanes === undefined || v < row.length - 1) store();
      else f.if(lanes.eq(4), store, () => finishPart(f, f.let('c_part', c.add(offset)), sum, lanes, accumulate));
    }
  }
}

function finishPart(
  f: FunctionBuilder,
  c: Variable<I32>,
  sum: Variable<F32x4>,
  lanes: Variable<I32>,
  accumulate: Variable<I32>,
): void {
  f.if(accumulate, () => f.set(sum, loadPartial(f, c, lanes).add(sum)));
  storePartial(f, c, sum, lanes);
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
