// Checks tensors that a caller gives by name before any backend takes them.
import { counted, type Tensors, UnrolledError } from '@unrolled/core';
import { type Shape, sizeOf } from './ir.ts';

/** A tensor that can be given: its name and its shape. */
export interface NamedShape {
  /** `layers.0.Wxh`. */
  readonly name: string;
  /** Sizes, outermost first. */
  readonly shape: Shape;
}

/**
 * Checks that each tensor fits the one of `known` that has its name.
 * @param what - for the message: `parameter`.
 * @throws UnrolledError `PARAMETER_UNKNOWN` for a name that is not there, `SHAPE_MISMATCH` for another shape or another
 * number of values than the shape's
 */
export function checkTensors(what: string, tensors: Tensors, known: readonly NamedShape[]): void {
  const shapes = new Map(known.map(({ name, shape }) => [name, shape]));
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const wanted = shapes.get(name);
    if (!wanted) {
      const names = known.length > 0 ? `there are ${[...shapes.keys()].join(', ')}` : 'there is none';
      throw new UnrolledError('PARAMETER_UNKNOWN', `There is no ${what} "${name}"; ${names}.`, {
        mend: known.length > 0 ? 'Give only those; is it of another network?' : 'Leave it out.',
      });
    }
    if (shape.join() === wanted.join() && data.length === sizeOf(wanted)) continue;
    throw new UnrolledError(
      'SHAPE_MISMATCH',
      `The ${what} "${name}" has shape [${wanted.join(', ')}], but [${shape.join(', ')}] with ${counted(data.length, 'number')} was given.`,
      { mend: 'Give it in its shape, row-major; is it of another network?' },
    );
  }
}
