// Moves numbers between a batch's tensors and a call's buffers, whose rows are sorted and have no padding.
import type { Values } from '@unrolled/core';
import type { Access } from '@unrolled/equations';
import type { BatchLayout } from './batch-layout.ts';
import type { Placement } from './buffer-plan.ts';

/** Where the numbers of a buffer's rows are, in numbers rather than bytes. */
interface Rows {
  readonly from: number;
  readonly width: number;
}

/** The memory of one call. */
export class RowsInMemory {
  readonly #layout: BatchLayout;
  readonly #placement: Placement;
  readonly #floats: Float32Array;
  readonly #integers: Int32Array;

  constructor(
    layout: BatchLayout,
    placement: Placement,
    { floats, integers }: { readonly floats: Float32Array; readonly integers: Int32Array },
  ) {
    this.#layout = layout;
    this.#placement = placement;
    this.#floats = floats;
    this.#integers = integers;
  }

  /** Writes a row for each sequence from `[batch, size]`. */
  writeRows(access: Access, source: ArrayLike<number>, size: number, kind: 'numbers' | 'classes' = 'numbers'): void {
    const { from, width } = this.#rows(access);
    const { order } = this.#layout;
    const target = this.#target(kind);
    for (let row = 0; row < order.length; row++)
      copy(target, from + row * width, source, (order[row] as number) * size, size);
  }

  /** Copies input vectors `[time, batch, size]` as they are; the threads bring them into order. */
  writeVectors(source: ArrayLike<number>, size: number): void {
    const { steps, rows } = this.#layout;
    const count = steps * rows * size;
    const to = this.#placement.vectors / 4;
    if (source.length === count) this.#floats.set(source, to);
    else this.#floats.set((source as Float32Array).subarray(0, count), to);
  }

  /** Writes a row for each step from `[time, batch, size]`, padding left out. */
  writeSteps(access: Access, source: ArrayLike<number>, size: number, kind: 'numbers' | 'classes' = 'numbers'): void {
    const { from, width } = this.#rows(access);
    const { order, shards, rows } = this.#layout;
    const target = this.#target(kind);
    for (const { rowBase, active, first } of shards) {
      for (let step = 0; step < active.length; step++) {
        const to = from + (first[step] as number) * width;
        for (let row = 0; row < (active[step] as number); row++) {
          const at = step * rows + (order[rowBase + row] as number);
          copy(target, to + row * width, source, at * size, size);
        }
      }
    }
  }

  /** Writes the number of the step for each step. */
  writePositions(access: Access): void {
    const { from, width } = this.#rows(access);
    for (const { active, first } of this.#layout.shards) {
      for (let step = 0; step < active.length; step++) {
        const to = from + (first[step] as number) * width;
        for (let row = 0; row < (active[step] as number); row++) this.#floats[to + row * width] = step;
      }
    }
  }

  /** `[batch, size]` of a row for each sequence; as classes `[batch, 1]`. */
  readRows(access: Access, size: number, as?: 'classes'): Float32Array {
    const { from, width } = this.#rows(access);
    const { order } = this.#layout;
    const [take, count] = as ? [putClass, 1] : [copy, size];
    const out = new Float32Array(order.length * count);
    for (let row = 0; row < order.length; row++)
      take(out, (order[row] as number) * count, this.#floats, from + row * width, size);
    return out;
  }

  /** `[time, batch, size]` of a row for each step; as classes `[time, batch, 1]`; 0 at padding. */
  readSteps(access: Access, size: number, time: number, as?: 'classes'): Float32Array {
    const { from, width } = this.#rows(access);
    const { order, shards, rows } = this.#layout;
    const [take, count] = as ? [putClass, 1] : [copy, size];
    const out = new Float32Array(time * rows * count);
    for (const { rowBase, active, first } of shards) {
      for (let step = 0; step < active.length; step++) {
        const at = from + (first[step] as number) * width;
        for (let row = 0; row < (active[step] as number); row++) {
          const to = step * rows + (order[rowBase + row] as number);
          take(out, to * count, this.#floats, at + row * width, size);
        }
      }
    }
    return out;
  }

  /** `[time, time, batch, size]` of a row for each pair of steps, the step itself first; 0 at padding. */
  readPairs(access: Access, size: number, time: number): Float32Array {
    const { from, width } = this.#rows(access);
    const { order, shards, rows } = this.#layout;
    const out = new Float32Array(time * time * rows * size);
    for (const { rowBase, active, first, pairBase, positionCount, positionBase, steps } of shards) {
      for (let step = 0; step < steps; step++) {
        for (let second = 0; second < steps; second++) {
          const both = Math.min(active[step] as number, active[second] as number);
          const pair = pairBase + step * positionCount + (first[second] as number) - positionBase;
          for (let row = 0; row < both; row++) {
            const to = (step * time + second) * rows + (order[rowBase + row] as number);
            copy(out, to * size, this.#floats, from + (pair + row) * width, size);
          }
        }
      }
    }
    return out;
  }

  /** Class numbers are whole, all else is float32. */
  #target(kind: 'numbers' | 'classes'): Float32Array | Int32Array {
    return kind === 'classes' ? this.#integers : this.#floats;
  }

  #rows({ home }: Access): Rows {
    if (home.in !== 'buffer') throw new RangeError('this value has no rows');
    const address = this.#placement.addresses[home.buffer.id] as number;
    return { from: address / 4 + home.column, width: home.buffer.width };
  }
}

/** Copies a row; a call of `set` costs more than a short loop. */
function copy(to: Values | Int32Array, at: number, from: ArrayLike<number>, first: number, size: number): void {
  if (size > 32 && ArrayBuffer.isView(from)) to.set((from as Float32Array).subarray(first, first + size), at);
  else for (let i = 0; i < size; i++) to[at + i] = from[first + i] as number;
}

/** Puts down the number of the first largest of a row's numbers. */
function putClass(to: Float32Array, at: number, from: Float32Array, first: number, size: number): void {
  let best = 0;
  let most = from[first] as number;
  for (let i = 1; i < size; i++) {
    const next = from[first + i] as number;
    if (next > most) [best, most] = [i, next];
  }
  to[at] = best;
}
