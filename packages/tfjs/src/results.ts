// Puts what was computed of groups of sequences in its place in the whole batch, as plain data.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { Batch, Tensor } from '@unrolled/core';
import { type Axis, type Shape, sizeOf } from '@unrolled/equations';
import type { Group } from './rows.ts';

/** What a value ranges over, and what one position holds. */
export interface Ranges {
  readonly over: readonly Axis[];
  readonly shape: Shape;
}

/** Tensors of one group, still where they were computed. */
export interface Run {
  readonly group: Group;
  readonly results: readonly TfTensor[];
}

/** Numbers of one group. */
export interface Read {
  readonly group: Group;
  readonly results: readonly Float32Array[];
}

/** A run with gradients. */
export interface GradientRun extends Run {
  /** By each parameter; where asked for then by each state, then by each input that is vectors. */
  readonly gradients: readonly TfTensor[];
}

/** Does what is there to do, in order; where one fails, frees what the others gave. */
export async function inOrder<R extends Run>(todo: readonly (() => Promise<R>)[]): Promise<readonly R[]> {
  const done: R[] = [];
  try {
    for (const run of todo) done.push(await run());
    return done;
  } catch (error) {
    for (const run of done) free(run);
    throw error;
  }
}

/** Frees the tensors of a run. */
function free(run: Run | GradientRun): void {
  for (const tensor of run.results) tensor.dispose();
  if ('gradients' in run) for (const tensor of run.gradients) tensor.dispose();
}

/** Reads all tensors and frees them. */
export async function readAll(runs: readonly Run[]): Promise<readonly Read[]> {
  return Promise.all(runs.map(async ({ group, results }) => ({ group, results: await readTensors(results) })));
}

/** Reads tensors and frees them; on the cpu backend a read is no copy yet. */
async function readTensors(tensors: readonly TfTensor[]): Promise<readonly Float32Array[]> {
  try {
    const data = await Promise.all(tensors.map((tensor) => tensor.data()));
    return data.map((numbers) => Float32Array.from(numbers));
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

/** A value of the whole batch: `[time?, time*?, batch, …shape]`, 0 where a sequence has no such step. */
export function wholeOf(ranges: Ranges, batch: Batch, reads: readonly Read[], result: number): Tensor {
  const { over, shape } = ranges;
  const sizes = [
    ...(over.includes('time') ? [batch.time] : []),
    ...(over.includes('time*') ? [batch.time] : []),
    batch.size,
    ...shape,
  ];
  const whole = { shape: sizes, data: new Float32Array(sizeOf(sizes)) };
  for (const { group, results } of reads) place(whole.data, batch, ranges, results[result] as Float32Array, group);
  return whole;
}

/** Copies the true steps of a group; what is the same for all sequences goes to each. */
function place(out: Float32Array, whole: Batch, { over, shape }: Ranges, data: Float32Array, group: Group): void {
  const per = sizeOf(shape);
  const [time, second, rows] = (['time', 'time*', 'batch'] as const).map((axis) => over.includes(axis));
  const { batch } = group;
  group.rows.forEach((row, at) => {
    const length = batch.lengths[at] as number;
    for (let t = 0; t < (time ? length : 1); t++) {
      for (let s = 0; s < (second ? length : 1); s++) {
        const [here, there] = second ? [t * batch.time + s, t * whole.time + s] : [t, t];
        const from = rows ? here * batch.size + at : here;
        const to = there * whole.size + row;
        out.set(data.subarray(from * per, (from + 1) * per), to * per);
      }
    }
  });
}

/** Sum of a result over the groups. */
export function sumOf(reads: readonly Read[], result: number, size: number): Float32Array {
  const sum = new Float32Array(size);
  for (const { results } of reads)
    results[result]?.forEach((value, i) => {
      sum[i] = (sum[i] as number) + value;
    });
  return sum;
}
