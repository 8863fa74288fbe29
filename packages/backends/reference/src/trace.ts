// Named values of a network at each step, gathered row by row.
import type { Batch, Tensor, Tensors } from '@unrolled/core';
import { type Environment, Interpreter, type Network, sizeOf, tracedValues } from '@unrolled/equations';
import { scatterRow } from './rows.ts';

/** One value that is traced. */
interface Traced {
  readonly id: number;
  readonly tensor: Tensor & { readonly data: Float64Array };
  readonly scatter: (data: Float64Array, row: number, steps: number) => void;
}

/**
 * Values by name: `[time, batch, …]`, `[batch, …]` for one that has no steps, `[time, time, batch, …]` for one with two
 * indices, the step's own first; 0 at padding.
 * @throws UnrolledError `TRACE_UNKNOWN`
 */
export function traceRows(network: Network, batch: Batch, names: readonly string[], environment: Environment): Tensors {
  const traced = tracedValues(network, names).map((id) => tracedOf(network, batch, id));
  const interpreter = new Interpreter(
    network.builder,
    traced.map(({ id }) => id),
  );
  interpreter.run(environment, (row, steps) => {
    for (const { id, scatter } of traced) scatter(interpreter.read(id).data, row, steps);
  });
  return Object.fromEntries(traced.map(({ tensor }, i) => [names[i] as string, tensor]));
}

function tracedOf({ builder }: Network, { time, size: rows }: Batch, id: number): Traced {
  const { shape, over } = builder.at(id);
  const [perStep, perPosition] = [over.includes('time'), over.includes('time*')];
  const full = [...(perStep ? [time] : []), ...(perPosition ? [time] : []), rows, ...shape];
  const size = sizeOf(shape);
  const tensor = { shape: full, data: new Float64Array(sizeOf(full)) };
  const scatter = (data: Float64Array, row: number, steps: number): void => {
    if (!perPosition) scatterRow(data, tensor.data, row, rows, perStep ? steps : 1, size);
    else
      for (let t = 0; t < steps; t++) {
        const [from, to] = [t * steps * size, t * time * rows * size];
        scatterRow(data.subarray(from), tensor.data.subarray(to), row, rows, steps, size);
      }
  };
  return { id, tensor, scatter };
}
