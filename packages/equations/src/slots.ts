// Where the interpreter keeps the numbers of a value.
import { sizeOf, type Value } from './ir.ts';

/** Numbers of one value: `[time?, time*?, …shape]`. Over batch they are those of the row at hand. */
export interface Slot {
  data: Float64Array;
  /** Numbers at one position. */
  readonly size: number;
  /** Whether it is over time. Strides depend on the row's length, so they are taken as it is computed. */
  readonly time: boolean;
  /** Whether it is over time*. */
  readonly second: boolean;
}

/** How a value is read or written: its slot, and whether the step of the loop at hand picks an element of it. */
export interface Access {
  readonly slot: Slot;
  readonly element: boolean;
}

/** An empty slot for `value`; what is over steps grows as it is needed, and a parameter's numbers are its caller's. */
export function slotFor({ shape, over, op }: Value): Slot {
  const size = sizeOf(shape);
  const [time, second] = [over.includes('time'), over.includes('time*')];
  const grows = time || second || op === 'parameter';
  return { data: new Float64Array(grows ? 0 : size), size, time, second };
}

/** How many numbers of a slot count in a row of `steps` steps. */
export function lengthOf({ size, time, second }: Slot, steps: number): number {
  return size * (time ? steps : 1) * (second ? steps : 1);
}

/** Numbers of a slot at one step. */
export function stepSize({ size, second }: Slot, steps: number): number {
  return second ? steps * size : size;
}

/** Makes room for a row of `steps` steps; what was there may be lost. */
export function grow(slot: Slot, steps: number): void {
  const length = lengthOf(slot, steps);
  if (slot.data.length < length) slot.data = new Float64Array(Math.max(length, 2 * slot.data.length));
}
