// Gradients that the caller gives for the output and the final states.
import type { Batch, State, Tensor } from '@unrolled/core';
import type { Network } from '@unrolled/equations';
import { checkTensors } from './parameters.ts';
import { type Group, rowsOfState, rowsOfTensor, takeRows } from './rows.ts';

/** Seeds of a gradient besides the loss. */
export interface Seeds {
  readonly output: Tensor | undefined;
  readonly finals: State | undefined;
}

/** @throws UnrolledError `SHAPE_MISMATCH` or `PARAMETER_UNKNOWN` */
export function checkSeeds(
  { output, finals = {} }: Seeds,
  { builder, output: id, outputPerStep, states }: Network,
  { size, time }: Batch,
): void {
  const shape = [...(outputPerStep ? [time] : []), size, ...builder.shape(id)];
  if (output) checkTensors('gradient', { output }, [{ name: 'output', shape }]);
  const ofStates = states.map((state) => ({ name: state.name, shape: [size, ...state.shape] }));
  checkTensors('gradient of final state', finals, ofStates);
}

/** The seeds of a group. There is no output at padded steps, so a seed there counts for nothing. */
export function seedsOf({ output, finals }: Seeds, group: Group, size: number, outputPerStep: boolean): Seeds {
  const of = { rows: group.rows, size };
  const silent = outputPerStep && group.batch.lengths.every((length) => length === 0);
  return {
    output: output && !silent ? (outputPerStep ? stepSeed(output, group, size) : rowsOfTensor(output, of)) : undefined,
    finals: finals && rowsOfState(finals, of),
  };
}

function stepSeed({ shape, data }: Tensor, { rows, batch }: Group, size: number): Tensor {
  const units = shape.at(-1) as number;
  const seed = Float32Array.from(takeRows(data, batch.time, units, { rows, size }));
  batch.lengths.forEach((length, row) => {
    for (let step = length; step < batch.time; step++) {
      const at = (step * rows.length + row) * units;
      seed.fill(0, at, at + units);
    }
  });
  return { shape: [batch.time, rows.length, units], data: seed };
}
