// What the interpreter reads while it computes a batch: rows of its inputs, states, weights and random masks.
import { type Batch, fillMask, type NetworkDescription, type RandomKey, type State, type Tensor } from '@unrolled/core';
import {
  batchInputs,
  batchValues,
  type Environment,
  inputWidth,
  type Network,
  type Seeds,
  seedInputs,
  sizeOf,
} from '@unrolled/equations';
import { columnOf, rowOf } from './rows.ts';
import type { Arrays } from './snapshot.ts';

/** All that a batch is computed from. */
export interface Given {
  readonly description: NetworkDescription;
  readonly network: Network;
  readonly weights: Arrays;
  readonly batch: Batch;
  readonly state: State;
  /** Draws the masks; without it they are their expectation. */
  readonly key: RandomKey | undefined;
  readonly seeds: Seeds;
}

/** A batch as the interpreter's environment. */
export function environmentOf(given: Given): Environment {
  const { batch, state, weights, key } = given;
  const read = inputsOf(given);
  return {
    rows: batch.size,
    parameter: (name) => weights.get(name) as Float64Array,
    length: (row) => batch.lengths[row] as number,
    start: (row) => batch.start[row] as number,
    input: (name, row, out) => (read.get(name) as ReadRow)(row, out),
    state: (name, row, out) => rowOf((state[name] as Tensor).data, out, row, out.length),
    mask: ({ site, row, step, probability, high }, out, offset, n) => {
      const example = batch.exampleIndex[row] as number;
      if (key) fillMask(out, offset, n, { ...key, site, example, step: step ?? 0 }, probability, high);
      else out.fill(probability * high, offset, offset + n);
    },
  };
}

type ReadRow = (row: number, out: Float64Array) => void;

/** How each input is read, by its name. */
function inputsOf({ description, network, batch, seeds }: Given): ReadonlyMap<string, ReadRow> {
  const { target } = description;
  const { size, lengths } = batch;
  const given = (name: string) => batchValues(batch, name) ?? [];
  const reader = (source: ArrayLike<number>, width: number, perStep: boolean): ReadRow =>
    perStep
      ? (row, out) => columnOf(source, out, row, size, lengths[row] as number, width)
      : (row, out) => rowOf(source, out, row, width);
  const answers = network.builder.shape(network.output);
  const finals = network.states.map(({ name, shape }): [string, ReadRow] => {
    const seed = seeds.finals?.[name];
    return [seedInputs.final(name), seed ? reader(seed.data, sizeOf(shape), false) : (_, out) => void out.fill(0)];
  });
  return new Map([
    ...network.inputs.map((input): [string, ReadRow] => [
      input.name,
      reader(given(input.name), inputWidth(input), input.per === 'step'),
    ]),
    [
      batchInputs.target,
      reader(given(batchInputs.target), target.kind === 'class' ? 1 : target.size, target.per === 'step'),
    ],
    [batchInputs.sourceLengths, reader(given(batchInputs.sourceLengths), 1, false)],
    [batchInputs.weight, reader(given(batchInputs.weight), 1, target.per === 'step')],
    [seedInputs.output, reader(seeds.output?.data ?? [], sizeOf(answers), network.outputPerStep)],
    ...finals,
  ]);
}
