// Computes vectors outside of loops as one, joined along their units: input products that share their input as one product.
import type { Tensor } from '@tensorflow/tfjs';
import type { Binary, Computed, Value } from '@unrolled/equations';
import { binary, isShared, type Place } from './compute.ts';
import { aligned } from './layout.ts';

/** Vectors `ids`, all over the same axes, as one tensor `[…axes, sum of their units]`. */
export function together(place: Place, ids: readonly number[]): Tensor {
  const { recorder } = place;
  const values = ids.map((id) => place.value(id));
  const [first] = values;
  if (!first || !values.every(({ op }) => op === first.op)) return joined(place, ids);
  const args = (at: number) => values.map((value) => (value as Computed).args[at] as number);
  const shared = () => args(0).every((id) => isShared(place, id)) && args(1).every((id) => id === args(1)[0]);
  switch (first.op) {
    case 'matmul':
      if (!shared() || !values.every((value) => value.op === 'matmul' && !value.transposed)) break;
      return place.matrix(args(0), false).times(place.operand(args(1)[0] as number));
    case 'gather':
      if (!shared() || !values.every((value) => value.op === 'gather' && value.axis === 1)) break;
      return recorder.rowsAt(place.columns(args(0)), place.operand(args(1)[0] as number));
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
      if (!joins(place, args(0)) || !joins(place, args(1))) break;
      return combined(place, first as Value & { readonly op: Binary }, [args(0), args(1)]);
  }
  return joined(place, ids);
}

/** Element by element of operands that are computed together in their turn. */
function combined(
  place: Place,
  like: Value & { readonly op: Binary },
  operands: readonly (readonly number[])[],
): Tensor {
  const wants = place.axes(like);
  const [a, b] = operands.map((ids) => {
    const has = place.axes(place.value(ids[0] as number));
    return aligned(place.recorder, together(place, ids), has, wants, 1);
  });
  return binary(place.recorder, like.op, a as Tensor, b as Tensor);
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
