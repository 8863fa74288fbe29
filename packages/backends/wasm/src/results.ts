// Reads what a call has computed out of its memory.
import type { Batch, ForwardResult, State, StateInfo, Tensor } from '@unrolled/core';
import { type Access, sizeOf } from '@unrolled/equations';
import type { Given } from './call-inputs.ts';
import type { LoadedCall } from './plan.ts';
import type { RowsInMemory } from './rows-in-memory.ts';
import type { Parts } from './segments.ts';

/** A call that has run, with its results still in memory. */
export interface Done {
  readonly call: LoadedCall;
  readonly rows: RowsInMemory;
  /** All numbers of the memory. */
  readonly floats: Float32Array;
}

/** Output, or its classes, and final states. */
export function readForward(
  { call, rows }: Done,
  { batch, output: told }: Given,
  states: readonly StateInfo[],
): ForwardResult {
  const { builder, output, outputPerStep, finals } = call.network;
  const whole = builder.shape(output);
  const size = sizeOf(whole);
  const shape = told ? [1] : whole;
  const access = call.resultOf(output);
  const data = outputPerStep ? rows.readSteps(access, size, batch.time, told) : rows.readRows(access, size, told);
  const finalOf = (state: number): Access => call.resultOf(finals[state] as number);
  return {
    output: { shape: [...(outputPerStep ? [batch.time] : []), batch.size, ...shape], data },
    state: readStates(rows, batch, states, finalOf),
  };
}

/** Gradients of states and inputs, where the call gives them. */
export function readInputGradients(
  { call, rows }: Done,
  batch: Batch,
  states: readonly StateInfo[],
): Pick<Parts, 'initialState' | 'inputs'> {
  const { gradients, resultOf, kind } = call;
  if (!gradients || !(kind.ofInputs || kind.segments)) return { initialState: {}, inputs: {} };
  const initialState = readStates(rows, batch, states, (state) => resultOf(gradients.states[state] as number));
  if (!kind.ofInputs) return { initialState, inputs: {} };
  const { time, size: count } = batch;
  const inputs = gradients.inputs.map(({ name, size, per, id }): [string, Tensor] => {
    const access = resultOf(id);
    if (per === 'sequence') return [name, { shape: [count, size], data: rows.readRows(access, size) }];
    return [name, { shape: [time, count, size], data: rows.readSteps(access, size, time) }];
  });
  return { initialState, inputs: Object.fromEntries(inputs) };
}

/** The loss. */
export function readLoss({ network, resultOf, compiled }: LoadedCall, floats: Float32Array): number {
  return floats[compiled.addressOf(resultOf(network.loss as number)) / 4] as number;
}

/** A traced value; one without a sequence is the same for each. */
export function readTraced({ call, rows, floats }: Done, id: number, { time, size: count }: Batch): Tensor {
  const { compiled, resultOf, network } = call;
  const { shape, over } = network.builder.at(id);
  const size = sizeOf(shape);
  const access = resultOf(id);
  const [first, second] = [over.includes('time'), over.includes('time*')];
  if (first && second) return { shape: [time, time, count, ...shape], data: rows.readPairs(access, size, time) };
  if (first || second) return { shape: [time, count, ...shape], data: rows.readSteps(access, size, time) };
  if (over.length > 0) return { shape: [count, ...shape], data: rows.readRows(access, size) };
  const from = compiled.addressOf(access) / 4;
  const data = new Float32Array(count * size);
  for (let row = 0; row < count; row++) data.set(floats.subarray(from, from + size), row * size);
  return { shape: [count, ...shape], data };
}

function readStates(
  rows: RowsInMemory,
  { size }: Batch,
  states: readonly StateInfo[],
  accessOf: (state: number) => Access,
): State {
  return Object.fromEntries(
    states.map(({ name, shape }, i) => [
      name,
      { shape: [size, ...shape], data: rows.readRows(accessOf(i), sizeOf(shape)) },
    ]),
  );
}
