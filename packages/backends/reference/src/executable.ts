// Runs a network in float64 with the interpreter, row by row.
import {
  type Batch,
  type Executable,
  type ForwardResult,
  type NetworkDescription,
  type RandomKey,
  type State,
  stepByForward,
  type Tensor,
  type TrainStepResult,
} from '@unrolled/core';
import {
  addGradients,
  buildNetwork,
  checkAlive,
  checkBatch,
  checkSeeds,
  checkSnapshot,
  checkState,
  checkStatesAt,
  checkTrainStep,
  firstSteps,
  Interpreter,
  maskKey,
  type Network,
  type NetworkGradients,
  type Round,
  type Seeds,
  sizeOf,
  zeroState,
} from '@unrolled/equations';
import { environmentOf } from './environment.ts';
import { scatterRow } from './rows.ts';
import { type Arrays, copies } from './snapshot.ts';
import { traceRows } from './trace.ts';
import { Updater } from './updater.ts';

/** The interpreter for one kind of call. */
interface Plan {
  readonly interpreter: Interpreter;
  readonly gradients: NetworkGradients | undefined;
}

/** What a pass over a batch starts from. */
interface Call {
  readonly batch: Batch;
  readonly state: State;
  readonly key: RandomKey | undefined;
}

/** Forward values and gradients; those of parameters are the interpreter's own, to be read before the next call. */
interface Backward {
  readonly result: ForwardResult & { readonly loss: number };
  readonly parameters: Arrays;
  readonly inputs: State;
  readonly initialState: State;
}

/** Compiles `description` for the float64 interpreter. @throws EquationError */
export class ReferenceExecutable implements Executable {
  readonly parameters: Executable['parameters'];
  readonly states: Executable['states'];
  readonly streams: Executable['streams'];
  readonly #network: Network;
  readonly #description: NetworkDescription;
  readonly #weights: Map<string, Float64Array>;
  readonly #updater: Updater;
  readonly #plans = new Map<string, Plan>();
  readonly #round: Round | undefined;
  #disposed = false;

  /** @param round - of each value that passes compute; those that are traced, and updates, are exact. */
  constructor(description: NetworkDescription, round?: Round) {
    this.#round = round;
    this.#description = description;
    this.#network = buildNetwork(description);
    this.parameters = this.#network.parameters;
    this.states = this.#network.states;
    this.streams = this.#network.streams;
    this.#weights = new Map(this.parameters.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape))]));
    this.#updater = new Updater(this.parameters, description.optimizer, description.clip ?? {});
  }

  readonly initialState = (batch: number): State => {
    checkAlive(this.#disposed);
    return zeroState(this.states, batch, (length) => new Float64Array(length));
  };

  readonly forward: Executable['forward'] = async (batch, state, { mode, key, statesAt }) => {
    const call = this.#checked(batch, state, maskKey(mode, key));
    checkStatesAt(statesAt, this.#description);
    const result = this.#forward(call);
    return statesAt ? { ...result, intermediate: this.#statesAt(call, statesAt, result.state) } : result;
  };

  readonly step: Executable['step'] = stepByForward(this);

  readonly gradients: Executable['gradients'] = async (batch, state, { key, outputGradient, finalStateGradient }) => {
    const call = this.#checked(batch, state, key);
    const seeds: Seeds = { output: outputGradient, finals: finalStateGradient };
    checkSeeds(seeds, this.#network, batch);
    const { result, parameters, inputs, initialState } = this.#backward(call, seeds);
    const shapes = new Map(this.parameters.map(({ name, shape }) => [name, shape]));
    return { ...result, parameters: copies(parameters, (name) => shapes.get(name) ?? []), inputs, initialState };
  };

  readonly trainStep: Executable['trainStep'] = async (batch, state, options) => {
    const { key, learningRate, accumulate = false, statesAt } = options;
    const call = this.#checked(batch, state, key);
    this.#updater.requireOptimizer();
    checkTrainStep(batch, { key, learningRate });
    checkStatesAt(statesAt, this.#description);
    const { result, parameters } = this.#backward(call, {});
    // Before the update, since states in between are those of the weights that the step began with.
    const intermediate = statesAt && this.#statesAt(call, statesAt, result.state);
    const finite = Number.isFinite(result.loss);
    const gradientNorm = this.#updater.step(this.#weights, parameters, { learningRate, accumulate, finite });
    const step: TrainStepResult = { ...result, gradientNorm };
    return intermediate ? { ...step, intermediate } : step;
  };

  readonly trace: Executable['trace'] = async (batch, state, names) => {
    const call = this.#checked(batch, state, undefined);
    return traceRows(this.#network, batch, names, this.#environment(call));
  };

  readonly read: Executable['read'] = async () => {
    checkAlive(this.#disposed);
    const shapes = new Map(this.parameters.map(({ name, shape }) => [name, shape]));
    return { parameters: copies(this.#weights, (name) => shapes.get(name) ?? []), ...this.#updater.read() };
  };

  readonly write: Executable['write'] = async (snapshot) => {
    checkAlive(this.#disposed);
    checkSnapshot(snapshot, this.parameters, this.#updater.states);
    for (const [name, { data }] of Object.entries(snapshot.parameters ?? {})) this.#weights.get(name)?.set(data);
    this.#updater.write(snapshot);
  };

  readonly dispose = (): void => {
    this.#disposed = true;
    this.#plans.clear();
    this.#weights.clear();
  };

  #forward(call: Call): ForwardResult {
    const counts = this.#countsLoss(call.batch);
    const plan = this.#plan(`forward ${counts}`, () => {
      const { builder, output, finals, loss = 0 } = this.#network;
      return {
        interpreter: new Interpreter(builder, [output, ...finals, ...(counts ? [loss] : [])], this.#round),
        gradients: undefined,
      };
    });
    const { result, onRow } = this.#collect(plan, call.batch);
    plan.interpreter.run(this.#environment(call), onRow);
    return counts ? { ...result, loss: this.#loss(plan) } : result;
  }

  #backward(call: Call, seeds: Seeds): Backward {
    const { batch } = call;
    const counts = this.#countsLoss(batch);
    const plan = this.#gradientPlan(counts, seeds);
    const gradients = plan.gradients as NetworkGradients;
    const read = (id: number | undefined) => plan.interpreter.read(id as number).data;
    const { result, onRow } = this.#collect(plan, batch);
    const initialState = this.initialState(batch.size);
    const inputs = gradients.inputs.map(({ name, size, per, id }) => {
      const perStep = per === 'step';
      const gradient = zeros([...(perStep ? [batch.time] : []), batch.size, size]);
      return { name, id, size, perStep, gradient };
    });
    plan.interpreter.run(this.#environment(call, seeds), (row, steps) => {
      onRow(row, steps);
      this.states.forEach(({ name, shape }, i) => {
        const { data } = initialState[name] as Tensor;
        scatterRow(read(gradients.states[i]), data, row, batch.size, 1, sizeOf(shape));
      });
      for (const { id, gradient, size, perStep } of inputs)
        scatterRow(read(id), gradient.data, row, batch.size, perStep ? steps : 1, size);
    });
    return {
      result: { ...result, loss: counts ? this.#loss(plan) : 0 },
      parameters: new Map(this.parameters.map(({ name }, i) => [name, read(gradients.parameters[i])])),
      inputs: Object.fromEntries(inputs.map(({ name, gradient }) => [name, gradient])),
      initialState,
    };
  }

  /** Each kind of gradient has a graph of its own, so that their adjoints do not mix. */
  #gradientPlan(counts: boolean, seeds: Seeds): Plan {
    const kind = { output: seeds.output !== undefined, finals: seeds.finals !== undefined };
    return this.#plan(`gradients ${counts} ${kind.output} ${kind.finals}`, () => {
      const network = buildNetwork(counts ? this.#description : withoutLoss(this.#description));
      const { output, finals, loss } = network;
      const gradients = addGradients(network, kind);
      const { parameters, states, inputs } = gradients;
      const ofInputs = inputs.map(({ id }) => id);
      const results = [output, ...finals, loss, ...parameters, ...states, ...ofInputs].filter((id) => id !== undefined);
      return { interpreter: new Interpreter(network.builder, results, this.#round), gradients };
    });
  }

  /** Output and final state of every row, gathered as the rows go by. */
  #collect({ interpreter }: Plan, batch: Batch) {
    const { output, outputPerStep, finals, builder } = this.#network;
    const shape = builder.shape(output);
    const tensor = zeros([...(outputPerStep ? [batch.time] : []), batch.size, ...shape]);
    const state = this.initialState(batch.size);
    const onRow = (row: number, steps: number): void => {
      const { data } = interpreter.read(output);
      scatterRow(data, tensor.data, row, batch.size, outputPerStep ? steps : 1, sizeOf(shape));
      this.states.forEach((info, i) => {
        const final = interpreter.read(finals[i] as number).data;
        scatterRow(final, (state[info.name] as Tensor).data, row, batch.size, 1, sizeOf(info.shape));
      });
    };
    return { result: { output: tensor, state } satisfies ForwardResult, onRow };
  }

  /** States after some numbers of steps: the batch run again with its sequences cut there. */
  #statesAt({ batch, state, key }: Call, steps: readonly number[], final: State): readonly State[] {
    const longest = batch.lengths.reduce((a, b) => Math.max(a, b), 0);
    return steps.map((count) => {
      if (count === 0) return state;
      if (count >= longest) return final;
      return this.#forward({ batch: firstSteps(batch, count), state, key }).state;
    });
  }

  #loss({ interpreter }: Plan): number {
    return interpreter.read(this.#network.loss as number).data[0] as number;
  }

  #countsLoss({ targets, weights }: Batch): boolean {
    return this.#network.loss !== undefined && targets !== undefined && weights !== undefined;
  }

  #plan(name: string, build: () => Plan): Plan {
    const known = this.#plans.get(name) ?? build();
    this.#plans.set(name, known);
    return known;
  }

  #environment(call: Call, seeds: Seeds = {}) {
    return environmentOf({
      ...call,
      seeds,
      description: this.#description,
      network: this.#network,
      weights: this.#weights,
    });
  }

  #checked(batch: Batch, state: State, key: RandomKey | undefined): Call {
    checkAlive(this.#disposed);
    checkBatch(batch, this.#description);
    checkState(state, this.states, batch.size);
    return { batch, state, key };
  }
}

function zeros(shape: readonly number[]): Tensor & { readonly data: Float64Array } {
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

function withoutLoss({ loss: _, ...description }: NetworkDescription): NetworkDescription {
  return description;
}
