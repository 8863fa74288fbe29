// One sequence, or copies of it, as the interpreter reads it: weights in float64, no random masks.
import type { Batch, State, StateInfo, Tensor, Tensors } from '@unrolled/core';
import { UnrolledError } from '@unrolled/core';
import { batchValues, type Environment, seedInputs, sizeOf } from '@unrolled/equations';
import type { Subject } from './subject.ts';

/** Zero states of `rows` sequences. */
export function zeroState(states: readonly StateInfo[], rows: number): State {
  return Object.fromEntries(
    states.map(({ name, shape }) => [name, { shape: [rows, ...shape], data: new Float64Array(rows * sizeOf(shape)) }]),
  );
}

/** Parameters in float64; those that are already are not copied. */
export function inFloat64(parameters: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }]) => [
      name,
      { shape, data: data instanceof Float64Array ? data : new Float64Array(data) },
    ]),
  );
}

/** @throws UnrolledError `BATCH_INVALID` */
export function oneSequence(batch: Batch): void {
  if (batch.size === 1) return;
  throw new UnrolledError(
    'BATCH_INVALID',
    `One sequence is looked into at a time, but a batch of ${batch.size} was given.`,
    { mend: 'Give a batch of one, such as anatomy.batch(input) makes.' },
  );
}

/**
 * The interpreter's view of `batch`, which holds one sequence; `rows` copies of it are computed.
 * @param seeds - seeds of final states `[rows, …]` by name.
 */
export function environmentOf(
  { network, parameters }: Subject,
  batch: Batch,
  state: State,
  rows = 1,
  seeds: State = {},
): Environment {
  const weights = new Map(
    Object.entries(inFloat64(parameters)).map(([name, { data }]) => [name, data as Float64Array]),
  );
  const copyRow = ({ data }: Tensor, row: number, out: Float64Array) =>
    out.set(data.subarray(row * out.length, (row + 1) * out.length));
  return {
    rows,
    parameter: (name) => weights.get(name) ?? unknownParameter(name),
    length: () => batch.lengths[0] as number,
    start: () => batch.start[0] as number,
    state: (name, row, out) => copyRow(state[name] as Tensor, row, out),
    input: (name, row, out) => {
      const seeded = Object.entries(seeds).find(([each]) => seedInputs.final(each) === name)?.[1];
      if (seeded) {
        copyRow(seeded, row, out);
        return;
      }
      const source = batchValues(batch, name);
      if (!source) out.fill(0);
      else for (let i = 0; i < Math.min(source.length, out.length); i++) out[i] = source[i] as number;
    },
    mask: ({ probability, high }, out, offset, n) => void out.fill(probability * high, offset, offset + n),
  };
  function unknownParameter(name: string): never {
    throw new UnrolledError(
      'PARAMETER_UNKNOWN',
      `No weights were given for parameter "${name}" of the network ${network.layers.map((l) => l.module.name).join(', ')}.`,
      { mend: 'Give the parameters that read of its executable, or its anatomy, has.' },
    );
  }
}
