// Adds the gradient of a network's loss, and of what else a caller weighs, to its graph.
import type { StateInfo } from '@unrolled/core';
import type { BatchInput } from './batch-inputs.ts';
import { differentiate, type Gradients } from './differentiate.ts';
import type { Network } from './network.ts';

/** The gradient by one input. */
export interface InputGradient extends Pick<BatchInput, 'name' | 'size' | 'per'> {
  /** The gradient's value. */
  readonly id: number;
}

/** Gradients of a network as values of its graph. */
export interface NetworkGradients {
  /** By parameter, in the order of `parameters`; a constant 0 where the result does not depend on it. */
  readonly parameters: readonly number[];
  /** By each state before the first step, in the order of `states`. */
  readonly states: readonly number[];
  /** By each input that is vectors, over the axes that it has. */
  readonly inputs: readonly InputGradient[];
  /** ∂L/∂(carry) after each step, by the carry's name. */
  readonly carries: Gradients['carries'];
}

/** Names of the leaves that seed a gradient. */
export const seedInputs = {
  output: 'seed.output',
  /** By the state's name. */
  final: (state: string): string => `seed.final.${state}`,
} as const;

/**
 * Adds the gradient of the loss, or of `Σ seed·output + Σ seed·final state (+ loss)`.
 * @param seeds - whether the output and the final states are seeded by the caller.
 */
export function addGradients(
  network: Network,
  seeds: { readonly output: boolean; readonly finals: boolean },
): NetworkGradients {
  const { builder, inputs, parameters, states, finals, output, loss } = network;
  const results: { result: number; seed: number }[] = [];
  if (loss !== undefined) results.push({ result: loss, seed: builder.constant(1) });
  if (seeds.output) {
    const { shape, over } = builder.at(output);
    results.push({ result: output, seed: builder.input(seedInputs.output, shape, over) });
  }
  if (seeds.finals) {
    finals.forEach((final, index) => {
      const { name, shape } = states[index] as StateInfo;
      results.push({ result: final, seed: builder.input(seedInputs.final(name), shape, ['batch']) });
    });
  }
  const parameterIds = parameters.map(({ name, shape }) => builder.parameter(name, shape));
  const stateIds = states.map(({ name, shape }) => builder.state(name, shape));
  const vectors = inputs.filter(({ kind }) => kind === 'vectors');
  const wanted = [...parameterIds, ...stateIds, ...vectors.map(({ id }) => id)];
  const gradients = differentiate(builder, results, wanted);
  const gradientOf = (id: number) => {
    const { shape, over } = builder.at(id);
    const gradient = gradients.of(id) ?? builder.constant(0, shape);
    return builder.expand(gradient, shape, over);
  };
  return {
    parameters: parameterIds.map(gradientOf),
    states: stateIds.map(gradientOf),
    inputs: vectors.map(({ name, size, per, id }) => ({ name, size, per, id: gradientOf(id) })),
    carries: gradients.carries,
  };
}
