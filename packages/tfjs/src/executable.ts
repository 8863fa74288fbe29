// A network compiled for TensorFlow.js: checks each call, runs it, and gives plain data.
import {
  type Batch,
  type Executable,
  type ForwardResult,
  type GradientsResult,
  type NetworkDescription,
  type RandomKey,
  type State,
  stepByForward,
} from '@unrolled/core';
import {
  buildNetwork,
  checkAlive,
  checkBatch,
  checkSeeds,
  checkSnapshot,
  checkState,
  checkStatesAt,
  checkTrainStep,
  firstSteps,
  maskKey,
  type Network,
  sizeOf,
  tracedValues,
  zeroState,
} from '@unrolled/equations';
import { runOn } from './current-backend.ts';
import type { FindWhole } from './loops.ts';
import { ParameterTensors } from './parameters.ts';
import { type GradientRun, inOrder, type Read, type Run, readAll, sumOf, wholeOf } from './results.ts';
import { type Group, groupsOf, present } from './rows.ts';
import { Runner } from './runner.ts';
import type { Device, Tf } from './tensorflow.ts';
import { ruleFor } from './update-rule.ts';
import { Updater } from './updater.ts';

/** A network on one device, all in float32. */
export class TfjsExecutable implements Executable {
  readonly parameters: Executable['parameters'];
  readonly states: Executable['states'];
  readonly streams: Executable['streams'];
  readonly #tf: Tf;
  readonly #device: Device;
  readonly #description: NetworkDescription;
  readonly #network: Network;
  readonly #weights: ParameterTensors;
  readonly #updater: Updater;
  readonly #runner: Runner;
  #disposed = false;

  /**
   * Compiles for a device that is the current one.
   * @param findWhole - finds loops that the device runs at once.
   * @throws EquationError for mistakes in equations
   */
  constructor(tf: Tf, device: Device, description: NetworkDescription, findWhole?: FindWhole) {
    this.#tf = tf;
    this.#device = device;
    this.#description = description;
    this.#network = buildNetwork(description);
    this.parameters = this.#network.parameters;
    this.states = this.#network.states;
    this.streams = this.#network.streams;
    // Whatever may be wrong with a network is found before the first tensor is made.
    const rule = description.optimizer && ruleFor(tf, device, description.optimizer);
    this.#weights = new ParameterTensors(tf, this.parameters);
    this.#updater = new Updater(tf, device, this.#weights, rule, description.clip);
    this.#runner = new Runner(tf, device, description, this.#network, this.#weights, findWhole);
  }

  readonly initialState = (batch: number): State => {
    checkAlive(this.#disposed);
    return zeroState(this.states, batch, (length) => new Float32Array(length));
  };

  readonly forward: Executable['forward'] = async (batch, state, { mode, key, statesAt }) => {
    this.#check(batch, state);
    const random = maskKey(mode, key);
    checkStatesAt(statesAt, this.#description);
    const result = await this.#forward(batch, state, random);
    if (!statesAt) return result;
    return { ...result, intermediate: await this.#statesAt(batch, state, random, statesAt) };
  };

  readonly step: Executable['step'] = stepByForward(this);

  readonly gradients: Executable['gradients'] = async (batch, state, { key, outputGradient, finalStateGradient }) => {
    this.#check(batch, state);
    const seeds = { output: outputGradient, finals: finalStateGradient };
    checkSeeds(seeds, this.#network, batch);
    const { running, empty } = groupsOf(batch, state, this.#description);
    const seeded = outputGradient !== undefined || finalStateGradient !== undefined;
    const differentiate = (group: Group) => () => this.#runner.differentiateAll(group, key, seeds, batch.size);
    // An empty sequence has no loss, so without seeds it has no gradient.
    const runs = await inOrder<Run | GradientRun>([
      ...(empty ? [seeded ? differentiate(empty) : () => this.#runner.forward(empty, key)] : []),
      ...(running ? [differentiate(running)] : []),
    ]);
    const gradients = runs.flatMap((run) => ('gradients' in run ? [{ group: run.group, results: run.gradients }] : []));
    const [result, reads] = await Promise.all([this.#results(batch, runs), readAll(gradients)]);
    return { ...result, loss: result.loss ?? 0, ...this.#gradientsOf(batch, reads) };
  };

  readonly trainStep: Executable['trainStep'] = async (batch, state, options) => {
    const { key, learningRate, accumulate = false, statesAt } = options;
    this.#check(batch, state);
    this.#updater.requireOptimizer();
    checkTrainStep(batch, { key, learningRate });
    checkStatesAt(statesAt, this.#description);
    // Before the update, since states inside the batch are those of the weights from before it.
    const intermediate = statesAt && (await this.#statesAt(batch, state, key, statesAt));
    const { running, empty } = groupsOf(batch, state, this.#description);
    const runs = await inOrder<Run | GradientRun>([
      ...(empty ? [() => this.#runner.forward(empty, key)] : []),
      ...(running ? [() => this.#runner.differentiate(running, key)] : []),
    ]);
    const gradients = runs.flatMap((run) => ('gradients' in run ? run.gradients : []));
    try {
      const result = await this.#results(batch, runs);
      const loss = result.loss ?? 0;
      const step = { learningRate, accumulate, finite: Number.isFinite(loss) };
      const gradientNorm = await this.#updater.step(running && gradients, step);
      return { ...result, loss, gradientNorm, ...(intermediate && { intermediate }) };
    } finally {
      for (const tensor of gradients) if (!tensor.kept) tensor.dispose();
    }
  };

  readonly trace: Executable['trace'] = async (batch, state, names) => {
    this.#check(batch, state);
    const { builder } = this.#network;
    const ids = tracedValues(this.#network, names);
    const program = this.#runner.program(ids);
    const groups = present(groupsOf(batch, state, this.#description));
    const reads = await readAll(
      await inOrder(groups.map((group) => () => this.#runner.forward(group, undefined, program))),
    );
    return Object.fromEntries(names.map((name, i) => [name, wholeOf(builder.at(ids[i] as number), batch, reads, i)]));
  };

  readonly read: Executable['read'] = async () => {
    checkAlive(this.#disposed);
    const [parameters, rest] = await Promise.all([this.#weights.read(), this.#updater.read()]);
    return { parameters, ...rest };
  };

  readonly write: Executable['write'] = async (snapshot) => {
    checkAlive(this.#disposed);
    checkSnapshot(snapshot, this.parameters, this.#updater.states);
    await runOn(this.#tf, this.#device, () => {
      this.#weights.write(snapshot.parameters ?? {});
      this.#updater.write(snapshot);
    });
  };

  readonly dispose = (): void => {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#weights.dispose();
    this.#updater.dispose();
  };

  async #forward(batch: Batch, state: State, key: RandomKey | undefined): Promise<ForwardResult> {
    const groups = present(groupsOf(batch, state, this.#description));
    return this.#results(batch, await inOrder(groups.map((group) => () => this.#runner.forward(group, key))));
  }

  /** States after some numbers of steps: the batch run again with its sequences cut there. */
  #statesAt(
    batch: Batch,
    state: State,
    key: RandomKey | undefined,
    steps: readonly number[],
  ): Promise<readonly State[]> {
    const statesAfter = async (count: number): Promise<State> => {
      if (count === 0) return state;
      return (await this.#forward(firstSteps(batch, count), state, key)).state;
    };
    return Promise.all(steps.map(statesAfter));
  }

  /** Output, final states and loss of the whole batch. */
  async #results(batch: Batch, runs: readonly Run[]): Promise<ForwardResult> {
    const { builder, output, finals, loss } = this.#network;
    const reads = await readAll(runs);
    const states = this.states.map(
      ({ name }, i) => [name, wholeOf(builder.at(finals[i] as number), batch, reads, 1 + i)] as const,
    );
    const counts = loss !== undefined && batch.targets !== undefined && batch.weights !== undefined;
    return {
      output: wholeOf(builder.at(output), batch, reads, 0),
      state: Object.fromEntries(states),
      ...(counts && { loss: sumOf(reads, 1 + finals.length, 1)[0] as number }),
    };
  }

  /** Gradients of the groups as those of the whole batch. */
  #gradientsOf(batch: Batch, reads: readonly Read[]): Pick<GradientsResult, 'parameters' | 'initialState' | 'inputs'> {
    const { builder } = this.#network;
    const parameters = this.parameters.map(
      ({ name, shape }, i) => [name, { shape, data: sumOf(reads, i, sizeOf(shape)) }] as const,
    );
    const after = parameters.length;
    const states = this.states.map(
      ({ name, shape }, i) => [name, wholeOf({ over: ['batch'], shape }, batch, reads, after + i)] as const,
    );
    const at = after + states.length;
    const vectors = this.#network.inputs.filter(({ kind }) => kind === 'vectors');
    const inputs = vectors.map(({ name, id }, i) => [name, wholeOf(builder.at(id), batch, reads, at + i)] as const);
    return {
      parameters: Object.fromEntries(parameters),
      initialState: Object.fromEntries(states),
      inputs: Object.fromEntries(inputs),
    };
  }

  #check(batch: Batch, state: State): void {
    checkAlive(this.#disposed);
    checkBatch(batch, this.#description);
    checkState(state, this.states, batch.size);
  }
}
