// A batch, its states and random masks as tensors.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { NetworkDescription, RandomKey, Tensor } from '@unrolled/core';
import { batchInputs, batchInputsOf, batchValues } from '@unrolled/equations';
import type { Leaves } from './emitter.ts';
import { maskTensor } from './masks.ts';
import type { Group } from './rows.ts';
import type { Tf } from './tensorflow.ts';

/** Tensors that the caller has already, to differentiate by. */
export interface Given {
  /** Parameters by name. */
  readonly parameters: ReadonlyMap<string, TfTensor>;
  /** States by name; else those of the group. */
  readonly states?: ReadonlyMap<string, TfTensor>;
  /** Input vectors by name; else those of the batch. */
  readonly inputs?: ReadonlyMap<string, TfTensor>;
}

/** The leaves of a network's graph for one group of sequences. */
export function leavesOf(
  tf: Tf,
  description: NetworkDescription,
  { batch, state }: Group,
  key: RandomKey | undefined,
  { parameters, states, inputs }: Given,
): Leaves {
  return {
    parameter: (name) => parameters.get(name) as TfTensor,
    state: (name) => states?.get(name) ?? tensorOf(tf, state[name] as Tensor),
    length: () => tf.tensor1d(Float32Array.from(batch.lengths)),
    start: () => tf.tensor1d(Float32Array.from(batch.start)),
    input: (name) => inputs?.get(name) ?? inputOf(tf, description, batch, name),
    mask: (value) => maskTensor(tf, value, batch, key),
  };
}

/** An input, `sourceLengths`, `target` or `weight` of a batch. */
export function inputOf(tf: Tf, description: NetworkDescription, batch: Group['batch'], name: string): TfTensor {
  const { target } = description;
  const input = batchInputsOf(description).find((each) => each.name === name);
  const perStep = (input ?? target).per === 'step';
  const places = perStep ? [batch.time, batch.size] : [batch.size];
  const values = batchValues(batch, name);
  if (name === batchInputs.sourceLengths) return tf.tensor1d(float32(values));
  if (name === batchInputs.weight || input?.kind === 'number') return tf.tensor(float32(values), places);
  if ((input ?? target).kind === 'ids' || (input ?? target).kind === 'class')
    return tf.tensor(integers(values), places, 'int32');
  return tf.tensor(float32(values), [...places, (input ?? target).size]);
}

/** Plain data as a tensor. */
export function tensorOf(tf: Tf, { shape, data }: Tensor): TfTensor {
  return tf.tensor(float32(data), [...shape]);
}

function float32(values: ArrayLike<number> = []): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function integers(values: ArrayLike<number> = []): Int32Array {
  return values instanceof Int32Array ? values : Int32Array.from(values);
}
