// Checks gradients that a caller gives for what comes out of a network.
import type { Batch, State, Tensor } from '@unrolled/core';
import { checkTensors } from './check-tensors.ts';
import type { Network } from './network.ts';

/** Gradients that a caller gives besides those of the loss. */
export interface Seeds {
  /** Of the output, in its shape: `[batch, size]`, or `[time, batch, size]` where there is one at each step. */
  readonly output?: Tensor | undefined;
  /** Of final states `[batch, …]`, by name; those left out have none. */
  readonly finals?: State | undefined;
}

/** @throws UnrolledError `SHAPE_MISMATCH` for another shape than what it is of, `PARAMETER_UNKNOWN` for no state's name */
export function checkSeeds(
  { output, finals = {} }: Seeds,
  { builder, output: answer, outputPerStep, states }: Network,
  { time, size }: Batch,
): void {
  const shape = [...(outputPerStep ? [time] : []), size, ...builder.shape(answer)];
  if (output) checkTensors('gradient', { output }, [{ name: 'output', shape }]);
  const ofStates = states.map((state) => ({ name: state.name, shape: [size, ...state.shape] }));
  checkTensors('gradient of final state', finals, ofStates);
}
