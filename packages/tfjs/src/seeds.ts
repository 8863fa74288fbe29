// Gradients that the caller gives for the output and the final states.
import type { Tensor } from '@unrolled/core';
import type { Seeds } from '@unrolled/equations';
import { type Group, rowsOfState, rowsOfTensor, takeRows } from './rows.ts';

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
