// How a value's positions lie in a tensor: `[time, time*, batch, …shape]` with the axes that it has.
import type { Tensor } from '@tensorflow/tfjs';
import type { Axis, Value } from '@unrolled/equations';
import type { Recorder } from './recorder.ts';

const order: readonly Axis[] = ['time', 'time*', 'batch'];

/** Axes of a value as its tensor has them; inside a loop over time that axis is gone. */
export function axesOf({ over }: Value, inLoop: boolean): readonly Axis[] {
  return order.filter((axis) => over.includes(axis) && !(inLoop && axis === 'time'));
}

/**
 * A tensor over the axes `has` in the rank of one over `wants` with `rank` unit dimensions, so that they broadcast. A
 * scalar at each position is repeated along the units; a single number broadcasts as it is.
 */
export function aligned(
  recorder: Recorder,
  tensor: Tensor,
  has: readonly Axis[],
  wants: readonly Axis[],
  rank: number,
): Tensor {
  const sizes = tensor.shape;
  if (sizes.length === 0) return tensor;
  const axes = wants.map((axis) => (has.includes(axis) ? (sizes[has.indexOf(axis)] as number) : 1));
  const units = sizes.slice(has.length);
  while (units.length < rank) units.push(1);
  return recorder.reshaped(tensor, [...axes, ...units]);
}
