// The shapes of LSTM that are measured, and the work of a training step.

/** Sizes of a batch and of a layer. */
export interface Shape {
  readonly batch: number;
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

const of = (batch: number, steps: number, inputs: number, units: number): Shape => ({ batch, steps, inputs, units });

/** By name. */
export const shapes = {
  A: of(32, 50, 64, 128),
  B: of(32, 100, 32, 64),
  C: of(64, 100, 128, 256),
  D: of(32, 100, 256, 512),
  E: of(1, 100, 32, 64),
};

/** Name of a shape. */
export type ShapeName = keyof typeof shapes;

/** `32 × 50, 64 → 128`. */
export function describeShape({ batch, steps, inputs, units }: Shape): string {
  return `${batch} × ${steps}, ${inputs} → ${units}`;
}

/**
 * Floating-point operations of the matrix products of a training step, of a cell with `gates` products from its inputs and as
 * many from its state: forward both, backward the gradients of both weights and of the state. The first layer's inputs need
 * no gradient.
 */
export function trainingWork({ batch, steps, inputs, units }: Shape, gates = 4): number {
  return 2 * batch * steps * gates * units * (2 * inputs + 3 * units);
}
