// Runs a network on groups of sequences: output, final states, loss and gradients, still as tensors.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { NetworkDescription, RandomKey, Tensor } from '@unrolled/core';
import type { Network, Seeds } from '@unrolled/equations';
import { runOn } from './current-backend.ts';
import { type Given, inputOf, tensorOf } from './leaves.ts';
import type { FindWhole } from './loops.ts';
import type { ParameterTensors } from './parameters.ts';
import { type Pass, runForward, runGradients } from './pass.ts';
import { type Program, programOf } from './program.ts';
import type { GradientRun, Run } from './results.ts';
import type { Group } from './rows.ts';
import { seedsOf } from './seeds.ts';
import type { Device, Tf } from './tensorflow.ts';

/** Runs a network with the weights that it has at the moment. */
export class Runner {
  readonly #tf: Tf;
  readonly #device: Device;
  readonly #description: NetworkDescription;
  readonly #network: Network;
  readonly #weights: ParameterTensors;
  readonly #findWhole: FindWhole | undefined;
  readonly #programs = new Map<boolean, Program>();

  constructor(
    tf: Tf,
    device: Device,
    description: NetworkDescription,
    network: Network,
    weights: ParameterTensors,
    findWhole: FindWhole | undefined,
  ) {
    this.#tf = tf;
    this.#device = device;
    this.#description = description;
    this.#network = network;
    this.#weights = weights;
    this.#findWhole = findWhole;
  }

  /** What to run for results of the network's graph. */
  program(results: readonly number[]): Program {
    return programOf(this.#network.builder, results, this.#findWhole);
  }

  /** Output, final states and, where the group has targets, the loss; or the results of another program. */
  forward(group: Group, key: RandomKey | undefined, program?: Program): Promise<Run> {
    const pass = this.#pass(group, key, program);
    return runOn(this.#tf, this.#device, () => ({
      group,
      results: runForward(pass, { parameters: this.#weights.byName }),
    }));
  }

  /** The same, with the loss's gradients by the parameters. */
  differentiate(group: Group, key: RandomKey | undefined): Promise<GradientRun> {
    const pass = this.#pass(group, key);
    return runOn(this.#tf, this.#device, () => {
      const { all, byName } = this.#weights;
      return { group, ...runGradients(pass, { parameters: byName }, all, (results) => this.#loss(results)) };
    });
  }

  /**
   * The same, with gradients of loss + Σ seed·output + Σ seed·final state, by the initial states and the input too.
   * @param size - number of sequences in the whole batch, which the seeds are for.
   */
  differentiateAll(group: Group, key: RandomKey | undefined, seeds: Seeds, size: number): Promise<GradientRun> {
    const pass = this.#pass(group, key);
    const own = seedsOf(seeds, group, size, this.#network.outputPerStep);
    return runOn(this.#tf, this.#device, () => {
      const { all, byName } = this.#weights;
      const { states, inputs } = this.#leaves(group);
      const leaves = [...states.values(), ...inputs.values()];
      const given = { parameters: byName, states, inputs };
      try {
        return { group, ...runGradients(pass, given, [...all, ...leaves], (results) => this.#objective(results, own)) };
      } finally {
        for (const leaf of leaves) leaf.dispose();
      }
    });
  }

  /** Initial states and input vectors, to differentiate by. */
  #leaves({ state, batch }: Group): Required<Pick<Given, 'states' | 'inputs'>> {
    const tf = this.#tf;
    const states = this.#network.states.map(({ name }) => [name, tensorOf(tf, state[name] as Tensor)] as const);
    const vectors = this.#network.inputs.filter(({ kind }) => kind === 'vectors');
    const inputs = vectors.map(({ name }) => [name, inputOf(tf, this.#description, batch, name)] as const);
    return { states: new Map(states), inputs: new Map(inputs) };
  }

  #objective(results: readonly TfTensor[], { output, finals }: Seeds): TfTensor {
    const tf = this.#tf;
    const seeds = [output, ...this.#network.states.map(({ name }) => finals?.[name])];
    return seeds.reduce((sum: TfTensor, seed, i) => {
      if (!seed) return sum;
      return tf.add(sum, tf.sum(tf.mul(results[i] as TfTensor, tensorOf(tf, seed))));
    }, this.#loss(results));
  }

  /** The loss among the results, or 0. */
  #loss(results: readonly TfTensor[]): TfTensor {
    return results[1 + this.#network.finals.length] ?? this.#tf.scalar(0);
  }

  #pass(group: Group, key: RandomKey | undefined, program = this.#program(group)): Pass {
    return { tf: this.#tf, description: this.#description, program, group, key };
  }

  #program({ batch }: Group): Program {
    const { output, finals, loss } = this.#network;
    const counts = loss !== undefined && batch.targets !== undefined && batch.weights !== undefined;
    const known = this.#programs.get(counts) ?? this.program([output, ...finals, ...(counts ? [loss] : [])]);
    this.#programs.set(counts, known);
    return known;
  }
}
