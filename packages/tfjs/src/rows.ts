// Takes sequences out of a batch, as plain data.
//
// Empty sequences are computed apart from the others and without a tape, so that nothing which is made up in their place
// can reach a gradient: not even 0 · ∞.
import type { Batch, NetworkDescription, State, Tensor, Values } from '@unrolled/core';
import { batchInputsOf, batchValues, inputWidth } from '@unrolled/equations';

/** Some sequences of a batch as a batch of their own. */
export interface Group {
  /** Their numbers in the whole batch. */
  readonly rows: readonly number[];
  /** Those sequences, no longer than the longest of them. */
  readonly batch: Batch;
  /** Their states. */
  readonly state: State;
}

/** A batch in two: the sequences that have steps and those that have none; either may be missing. */
export interface Groups {
  readonly running: Group | undefined;
  /** With one step of padding, since TensorFlow.js has no tensors without elements everywhere. */
  readonly empty: Group | undefined;
}

/** The groups that there are. */
export function present({ running, empty }: Groups): readonly Group[] {
  return [running, empty].filter((group) => group !== undefined);
}

/** Splits a batch. */
export function groupsOf(batch: Batch, state: State, description: NetworkDescription): Groups {
  const rows = [...batch.lengths.keys()];
  const running = rows.filter((row) => (batch.lengths[row] as number) > 0);
  const empty = rows.filter((row) => batch.lengths[row] === 0);
  return {
    running: running.length > 0 ? groupOf(batch, state, description, running) : undefined,
    empty: empty.length > 0 ? emptyGroup(batch, state, description, empty) : undefined,
  };
}

function groupOf(batch: Batch, state: State, description: NetworkDescription, rows: readonly number[]): Group {
  const { target } = description;
  const time = batch.lengths.reduce((a, b) => Math.max(a, b), 0);
  const { targets, weights } = batch;
  const of = { rows, size: batch.size };
  const lengths = takeRows(batch.lengths, 1, 1, of);
  const eachStep = <V extends Int32Array | Values>(data: V, per: number): V =>
    fillPadding(takeRows(data, time, per, of), lengths, time, per);
  const eachTarget = <V extends Int32Array | Values>(data: V, per: number): V =>
    target.per === 'step' ? eachStep(data, per) : takeRows(data, 1, per, of);
  const inputs = batchInputsOf(description).map((input) => {
    const values = batchValues(batch, input.name) as Int32Array | Values;
    const width = inputWidth(input);
    return [input.name, input.per === 'step' ? eachStep(values, width) : takeRows(values, 1, width, of)] as const;
  });
  return {
    rows,
    state: rowsOfState(state, of),
    batch: {
      size: rows.length,
      time,
      inputs: Object.fromEntries(inputs),
      lengths,
      ...(batch.sourceLengths && { sourceLengths: takeRows(batch.sourceLengths, 1, 1, of) }),
      ...(targets && { targets: eachTarget(targets, target.kind === 'class' ? 1 : target.size) }),
      ...(weights && { weights: eachTarget(weights, 1) }),
      exampleIndex: takeRows(batch.exampleIndex, 1, 1, of),
      start: takeRows(batch.start, 1, 1, of),
    },
  };
}

function emptyGroup(
  { size, exampleIndex, start, inputs: given }: Batch,
  state: State,
  description: NetworkDescription,
  rows: readonly number[],
): Group {
  const of = { rows, size };
  const inputs = batchInputsOf(description).map((input) => {
    const [{ name, kind, per }, width] = [input, inputWidth(input)];
    if (per === 'sequence') return [name, takeRows(given[name] as Int32Array | Values, 1, width, of)] as const;
    return [name, kind === 'ids' ? new Int32Array(rows.length) : new Float32Array(rows.length * width)] as const;
  });
  return {
    rows,
    state: rowsOfState(state, of),
    batch: {
      size: rows.length,
      time: 1,
      inputs: Object.fromEntries(inputs),
      lengths: new Int32Array(rows.length),
      sourceLengths: new Int32Array(rows.length),
      exampleIndex: takeRows(exampleIndex, 1, 1, of),
      start: takeRows(start, 1, 1, of),
    },
  };
}

/** Which rows, of how many. */
interface Rows {
  readonly rows: readonly number[];
  readonly size: number;
}

/** The states of some sequences. */
export function rowsOfState(state: State, of: Rows): State {
  return Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, rowsOfTensor(tensor, of)]));
}

/** Some rows of a tensor `[batch, …]`. */
export function rowsOfTensor({ shape, data }: Tensor, of: Rows): Tensor {
  const [, ...rest] = shape;
  return { shape: [of.rows.length, ...rest], data: takeRows(data, 1, product(rest), of) };
}

/** Some rows of `[steps, size, per]`; of data with more steps, the first `steps`. */
export function takeRows<V extends Int32Array | Values>(data: V, steps: number, per: number, { rows, size }: Rows): V {
  if (rows.length === size) return data.subarray(0, steps * size * per) as V;
  const out = new (data.constructor as new (length: number) => V)(steps * rows.length * per);
  for (let step = 0; step < steps; step++) {
    rows.forEach((row, to) => {
      const from = (step * size + row) * per;
      out.set(data.subarray(from, from + per), (step * rows.length + to) * per);
    });
  }
  return out;
}

/**
 * Padding repeats the last true step: it may hold anything, and what is computed of it must be as finite as the rest, or
 * the gradient of a masked value would be 0 · ∞.
 */
function fillPadding<V extends Int32Array | Values>(data: V, lengths: Int32Array, time: number, per: number): V {
  if (lengths.every((length) => length === time)) return data;
  const out = data.slice() as V;
  const size = lengths.length;
  lengths.forEach((length, row) => {
    const from = ((length - 1) * size + row) * per;
    for (let step = length; step < time; step++) out.copyWithin((step * size + row) * per, from, from + per);
  });
  return out;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}
