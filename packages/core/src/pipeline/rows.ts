// Rows of tensors in another order: what a search over several beginnings hands from step to step.
import type { State, Tensor, Values } from '../contracts/executable.ts';

/** Rows `[rows, …]` of every state. */
export function pickRows(state: State, rows: readonly number[]): State {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => {
      const width = data.length / (shape[0] as number);
      const picked = like(data, rows.length * width);
      rows.forEach((row, place) => {
        picked.set(data.subarray(row * width, (row + 1) * width), place * width);
      });
      return [name, { shape: [rows.length, ...shape.slice(1)], data: picked }];
    }),
  );
}

/** Columns of `[time, batch, size]`. */
export function pickColumns({ shape, data }: Tensor, columns: readonly number[]): Tensor {
  const [time = 0, batch = 0, size = 1] = shape;
  const picked = like(data, time * columns.length * size);
  for (let step = 0; step < time; step += 1)
    columns.forEach((column, place) => {
      const from = (step * batch + column) * size;
      picked.set(data.subarray(from, from + size), (step * columns.length + place) * size);
    });
  return { shape: [time, columns.length, size], data: picked };
}

function like(data: Values, length: number): Values {
  return data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}
