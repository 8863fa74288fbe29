// Adds the gradient of a network's loss, and of what else a caller weighs, to its graph.
import type { StateInfo } from '@unrolled/core';
import { differentiate, type Gradients } from './differentiate.ts';
import { batchInputs, type Network } from './network.ts';

/** Gradients of a network as values of its graph. */
export interface NetworkGradients {
  /** By parameter, in the order of `parameters`; a constant 0 where the result does not depend on it. */
  readonly parameters: readonly number[];
  /** By each state before the first step, in the order of `states`. */
  readonly states: readonly number[];
  /** By the input vectors, over batch and time; undefined for ids. */
  readonly x: number | undefined;
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
  const { builder, parameters, states, finals, output, loss } = network;
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
  const input = builder.values.find((value) => value.op === 'input' && value.name === batchInputs.x);
  const vectors = input?.op === 'input' && input.classes === 0 ? input.id : undefined;
  const wanted = [...parameterIds, ...stateIds, ...(vectors === undefined ? [] : [vectors])];
  const gradients = differentiate(builder, results, wanted);
  const gradientOf = (id: number) => {
    const { shape, over } = builder.at(id);
    const gradient = gradients.of(id) ?? builder.constant(0, shape);
    return builder.expand(gradient, shape, over);
  };
  return {
    parameters: parameterIds.map(gradientOf),
    states: stateIds.map(gradientOf),
    x: vectors === undefined ? undefined : gradientOf(vectors),
    carries: gradients.carries,
  };
}
