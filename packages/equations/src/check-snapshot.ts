// Checks what is written to an executable before anything of it is overwritten.
import { type ParameterInfo, type Snapshot, UnrolledError } from '@unrolled/core';
import { checkTensors, type NamedShape } from './check-tensors.ts';

/**
 * Checks all that a snapshot holds: parameters, optimizer states, gradients that wait, the number of updates.
 * @param parameters - of the network.
 * @param states - names of the optimizer's states for each parameter (`m`, `v`); none without an optimizer.
 * @throws UnrolledError `PARAMETER_UNKNOWN`, `SHAPE_MISMATCH`; `SNAPSHOT_INVALID` for a number of updates that is none
 */
export function checkSnapshot(
  { parameters: given = {}, optimizer = {}, accumulated = {}, updates = 0 }: Snapshot,
  parameters: readonly ParameterInfo[],
  states: readonly string[],
): void {
  checkTensors('parameter', given, parameters);
  checkTensors('optimizer state', optimizer, optimizerStates(parameters, states));
  checkTensors('gradient', accumulated, parameters);
  if (!(Number.isInteger(updates) && updates >= 0))
    throw new UnrolledError('SNAPSHOT_INVALID', `${updates} is no number of updates; a whole number from 0 is.`, {
      mend: 'Write what read gave.',
    });
}

/** Optimizer states by their names in a snapshot, `m/layers.0.Wxh`, each in its parameter's shape; parameter by parameter. */
export function optimizerStates(
  parameters: readonly ParameterInfo[],
  states: readonly string[],
): readonly NamedShape[] {
  return parameters.flatMap(({ name, shape }) => states.map((state) => ({ name: `${state}/${name}`, shape })));
}
