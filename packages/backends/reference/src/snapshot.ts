// Copies of what an executable holds, and checks of what it is given.
import { type Tensor, type Tensors, UnrolledError } from '@unrolled/core';
import { type Shape, sizeOf } from '@unrolled/equations';

/** Numbers by name. */
export type Arrays = ReadonlyMap<string, Float64Array>;

/** Tensors of their own. */
export function copies(arrays: Arrays, shapeOf: (name: string) => Shape): Tensors {
  return Object.fromEntries([...arrays].map(([name, data]) => [name, { shape: shapeOf(name), data: data.slice() }]));
}

/**
 * Checks that `tensor` fits the one of `known` that has its name.
 * @param what - for the message: `parameter`.
 * @throws UnrolledError `PARAMETER_UNKNOWN`, `SHAPE_MISMATCH`
 */
export function checkTensor(
  what: string,
  name: string,
  { shape, data }: Tensor,
  known: readonly { readonly name: string; readonly shape: Shape }[],
): void {
  const info = known.find((each) => each.name === name);
  if (!info) {
    const names = known.length > 0 ? `there are ${known.map((each) => each.name).join(', ')}` : 'there is none';
    throw new UnrolledError('PARAMETER_UNKNOWN', `There is no ${what} "${name}"; ${names}.`);
  }
  if (shape.join() === info.shape.join() && data.length === sizeOf(info.shape)) return;
  throw new UnrolledError(
    'SHAPE_MISMATCH',
    `The ${what} "${name}" has shape [${info.shape.join(', ')}], but [${shape.join(', ')}] with ${data.length} numbers was given.`,
  );
}
