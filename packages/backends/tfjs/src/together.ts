// Computes vectors outside of loops as one, joined along their units: input products that share their input as one product.
import type { Tensor } from '@tensorflow/tfjs';
import type { Binary, Computed } from '@unrolled/equations';
import { binary, type Place } from './compute.ts';
import { aligned } from './layout.ts';

/** Vectors `ids`, all over the same axes, as one tensor `[…axes, sum of their units]`. */
export function together(place: Place, ids: readonly number[]): Tensor {
  const { recorder } = place;
  const values = ids.map((id) => place.value(id));
  const [first] = values;
  if (!first || !values.every(({ op }) => op === first.op)) return joined(place, ids);
  const args = (at: number) => values.map((value) => (value as Computed).args[at] as number);
  switch (first.op) {
    case 'matmul': {
      const alike = values.every((value) => value.op === 'matmul' && !value.transposed && shares(place, value.args[0]));
      if (!alike || !equal(args(1))) break;
      return place.matrix(args(0), false).times(place.operand(first.args[1] as number));
    }
    case 'gather': {
      const alike = values.every((value) => value.op === 'gather' && value.axis === 1 && shares(place, value.args[0]));
      if (!alike || !equal(args(1))) break;
      return recorder.rowsAt(place.columns(args(0)), place.operand(first.args[1] as number));
    }
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide': {
      const operands = [args(0), args(1)] as const;
      if (!operands.every((each) => joins(place, each))) break;
      return combined(place, first.op, operands);
    }
  }
  return joined(place, ids);
}

/** Element by element of operands that are computed together in their turn. */
function combined(place: Place, op: Binary, operands: readonly (readonly number[])[]): Tensor {
  const axes = operands.map((ids) => place.axes(place.value(ids[0] as number)));
  const wants = axes[0] && axes[1] && axes[0].length < axes[1].length ? axes[1] : (axes[0] ?? []);
  const [a, b] = operands.map((ids, i) => aligned(place.recorder, together(place, ids), axes[i] ?? [], wants, 1));
  return binary(place.recorder, op, a as Tensor, b as Tensor);
}

function joined(place: Place, ids: readonly number[]): Tensor {
  return place.recorder.joined(
    ids.map((id) => place.operand(id)),
    -1,
  );
}

/** Whether values can be joined: vectors over the same axes. */
function joins(place: Place, ids: readonly number[]): boolean {
  const over = place.value(ids[0] as number).over.join();
  return ids.every((id) => place.value(id).shape.length === 1 && place.value(id).over.join() === over);
}

function shares(place: Place, id: number | undefined): boolean {
  return id !== undefined && place.value(id).over.length === 0;
}

function equal(ids: readonly number[]): boolean {
  return ids.every((id) => id === ids[0]);
}
