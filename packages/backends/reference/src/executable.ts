// Runs a network in float64 with the interpreter, row by row.
import {
  type Batch,
  type Executable,
  type ForwardResult,
  fillMask,
  type GradientsResult,
  type NetworkDescription,
  type RandomKey,
  type Snapshot,
  type State,
  type Tensor,
  type Tensors,
  type TrainStepResult,
  UnrolledError,
} from '@unrolled/core';
import {
  addGradients,
  batchInputs,
  buildNetwork,
  checkBatch,
  checkState,
  type Environment,
  Interpreter,
  type Network,
  type NetworkGradients,
  seedInputs,
  sizeOf,
} from '@unrolled/equations';

import { columnOf, rowOf, scatterRow } from './rows.ts';
import { Updater } from './updater.ts';

/** Values of one row's leaves that are seeded by the caller. */
interface Seeds {
  readonly output?: Tensor;
  readonly finals?: State;
}

/** A plan for one kind of call. */
interface Plan {
  readonly interpreter: Interpreter;
  readonly gradients: NetworkGradients | undefined;
  readonly loss: boolean;
}

/** Compiles `description` for the float64 interpreter. */
export class ReferenceExecutable implements Executable {
  readonly parameters: Executable['parameters'];
  readonly states: Executable['states'];
  readonly streams: Executable['streams'];
  readonly #network: Network;
  readonly #description: NetworkDescription;
  readonly #weights = new Map<string, Float64Array>();
  readonly #updater: Updater;
  readonly #plans = new Map<string, Plan>();
  #disposed = false;

  constructor(description: NetworkDescription) {
    this.#description = description;
    this.#network = buildNetwork(description);
    this.parameters = this.#network.parameters;
    this.states = this.#network.states;
    this.streams = this.#network.streams;
    for (const { name, shape } of this.parameters) this.#weights.set(name, new Float64Array(sizeOf(shape)));
    this.#updater = new Updater(this.parameters, description.optimizer, description.clip ?? {});
  }

  readonly initialState = (batch: number): State =>
    Object.fromEntries(
      this.states.map(({ name, shape }) => [
        name,
        { shape: [batch, ...shape], data: new Float64Array(batch * sizeOf(shape)) },
      ]),
    );

  readonly forward: Executable['forward'] = async (batch, state, { mode, key, statesAt }) => {
    this.#check(batch, state);
    const random = mode === 'train' ? (key ?? missingKey()) : undefined;
    const result = this.#forward(batch, state, random);
    if (!statesAt) return result;
    return { ...result, intermediate: this.#statesAt(batch, state, random, statesAt, result.state) };
  };

  readonly gradients: Executable['gradients'] = async (batch, state, { key, outputGradient, finalStateGradient }) => {
    this.#check(batch, state);
    const seeds: Seeds = {
      ...(outputGradient && { output: outputGradient }),
      ...(finalStateGradient && { finals: finalStateGradient }),
    };
    return this.#gradients(batch, state, key, seeds);
  };

  readonly trainStep: Executable['trainStep'] = async (batch, state, { key, learningRate, accumulate, statesAt }) => {
    this.#check(batch, state);
    this.#updater.requireOptimizer();
    if (!batch.targets || !batch.weights)
      throw new UnrolledError('BATCH_WITHOUT_TARGETS', 'A training step needs targets and weights.');
    const result = this.#gradients(batch, state, key, {});
    const intermediate = statesAt && this.#statesAt(batch, state, key, statesAt, result.state);
    const gradientNorm = this.#updater.step(this.#weights, result.parameters, {
      learningRate,
      accumulate: accumulate ?? false,
      finite: Number.isFinite(result.loss),
    });
    const step: TrainStepResult = { output: result.output, loss: result.loss, state: result.state, gradientNorm };
    return intermediate ? { ...step, intermediate } : step;
  };

  readonly trace: Executable['trace'] = async (batch, state, names) => {
    this.#check(batch, state);
    const { named, builder } = this.#network;
    const ids = names.map((name) => named.get(name) ?? unknownName(name, [...named.keys()]));
    const interpreter = new Interpreter(builder, ids);
    const traced = ids.map((id) => {
      const { shape, over } = builder.at(id);
      const perStep = over.includes('time');
      return {
        id,
        perStep,
        tensor: zeros([...(perStep ? [batch.time] : []), batch.size, ...shape]),
        size: sizeOf(shape),
      };
    });
    interpreter.run(this.#environment(batch, state, undefined, {}), (row, steps) => {
      for (const { id, perStep, tensor, size } of traced) {
        scatterRow(interpreter.read(id).data, tensor.data, row, batch.size, perStep ? steps : 1, size);
      }
    });
    return Object.fromEntries(names.map((name, i) => [name, traced[i]?.tensor as Tensor]));
  };

  readonly read: Executable['read'] = async () => {
    this.#checkAlive();
    const parameters: Tensors = Object.fromEntries(
      this.parameters.map(({ name, shape }) => [
        name,
        { shape, data: (this.#weights.get(name) as Float64Array).slice() },
      ]),
    );
    return { parameters, ...this.#updater.read() };
  };

  readonly write: Executable['write'] = async (snapshot: Snapshot) => {
    this.#checkAlive();
    const { parameters = {} } = snapshot;
    for (const [name, tensor] of Object.entries(parameters)) this.#checkTensor(name, tensor);
    this.#updater.write(snapshot);
    for (const [name, { data }] of Object.entries(parameters)) (this.#weights.get(name) as Float64Array).set(data);
  };

  readonly dispose = (): void => {
    this.#disposed = true;
    this.#plans.clear();
    this.#weights.clear();
  };

  #forward(batch: Batch, state: State, key: RandomKey | undefined): ForwardResult {
    const loss = this.#hasLoss(batch);
    const plan = this.#plan(`forward ${loss}`, () => {
      const { builder, output, finals } = this.#network;
      const results = [output, ...finals, ...(loss ? [this.#network.loss as number] : [])];
      return { interpreter: new Interpreter(builder, results), gradients: undefined, loss };
    });
    const { result, onRow } = this.#collect(plan, batch);
    plan.interpreter.run(this.#environment(batch, state, key, {}), onRow);
    return loss ? { ...result, loss: this.#loss(plan) } : result;
  }

  #gradients(batch: Batch, state: State, key: RandomKey | undefined, seeds: Seeds): GradientsResult {
    const loss = this.#hasLoss(batch);
    const kind = { output: seeds.output !== undefined, finals: seeds.finals !== undefined };
    const plan = this.#plan(`gradients ${loss} ${kind.output} ${kind.finals}`, () => {
      // Each kind of gradient has a graph of its own, so that their adjoints do not mix.
      const network = buildNetwork(loss ? this.#description : withoutLoss(this.#description));
      const gradients = addGradients(network, kind);
      const wanted = [
        ...gradients.parameters,
        ...gradients.states,
        ...(gradients.x === undefined ? [] : [gradients.x]),
      ];
      const results = [network.output, ...network.finals, ...(loss ? [network.loss as number] : []), ...wanted];
      return { interpreter: new Interpreter(network.builder, results), gradients, loss };
    });
    const gradients = plan.gradients as NetworkGradients;
    const { result, onRow } = this.#collect(plan, batch);
    const initialState = this.initialState(batch.size);
    const { input } = this.#description;
    const features = input.kind === 'vectors' ? input.size : 0;
    const x = gradients.x === undefined ? undefined : zeros([batch.time, batch.size, features]);
    plan.interpreter.run(this.#environment(batch, state, key, seeds), (row, steps) => {
      onRow(row, steps);
      this.states.forEach(({ name, shape }, i) => {
        const { data } = plan.interpreter.read(gradients.states[i] as number);
        scatterRow(data, (initialState[name] as Tensor).data, row, batch.size, 1, sizeOf(shape));
      });
      if (x) scatterRow(plan.interpreter.read(gradients.x as number).data, x.data, row, batch.size, steps, features);
    });
    const parameters = Object.fromEntries(
      this.parameters.map(({ name, shape }, i) => {
        const { data, length } = plan.interpreter.read(gradients.parameters[i] as number);
        return [name, { shape, data: data.slice(0, length) }];
      }),
    );
    return { ...result, loss: loss ? this.#loss(plan) : 0, parameters, inputs: x ? { x } : {}, initialState };
  }

  /** Output and final state of every row, gathered as the rows go by. */
  #collect(plan: Plan, batch: Batch) {
    const { output, outputPerStep, finals, builder } = this.#network;
    const shape = builder.shape(output);
    const tensor = zeros([...(outputPerStep ? [batch.time] : []), batch.size, ...shape]);
    const state = this.initialState(batch.size);
    const onRow = (row: number, steps: number): void => {
      const { data } = plan.interpreter.read(output);
      scatterRow(data, tensor.data, row, batch.size, outputPerStep ? steps : 1, sizeOf(shape));
      this.states.forEach((info, i) => {
        const final = plan.interpreter.read(finals[i] as number).data;
        scatterRow(final, (state[info.name] as Tensor).data, row, batch.size, 1, sizeOf(info.shape));
      });
    };
    return { result: { output: tensor, state } satisfies ForwardResult, onRow };
  }

  /** States after some numbers of steps: the batch run again with its sequences cut there. */
  #statesAt(
    batch: Batch,
    state: State,
    key: RandomKey | undefined,
    steps: readonly number[],
    final: State,
  ): readonly State[] {
    const longest = batch.lengths.reduce((a, b) => Math.max(a, b), 0);
    return steps.map((count) => {
      if (count === 0) return state;
      if (count >= longest) return final;
      const lengths = batch.lengths.map((length) => Math.min(length, count));
      return this.#forward({ ...withoutTargets(batch), lengths }, state, key).state;
    });
  }

  #loss({ interpreter }: Plan): number {
    return interpreter.read(this.#network.loss as number).data[0] as number;
  }

  #hasLoss(batch: Batch): boolean {
    return this.#network.loss !== undefined && batch.targets !== undefined && batch.weights !== undefined;
  }

  #plan(name: string, build: () => Plan): Plan {
    const known = this.#plans.get(name) ?? build();
    this.#plans.set(name, known);
    return known;
  }

  #environment(batch: Batch, state: State, key: RandomKey | undefined, seeds: Seeds): Environment {
    const { size } = batch;
    return {
      rows: size,
      parameter: (name) => this.#weights.get(name) as Float64Array,
      length: (row) => batch.lengths[row] as number,
      start: (row) => batch.start[row] as number,
      input: (name, row, out) => {
        const perStep = (source: ArrayLike<number>, per: number) =>
          columnOf(source, out, row, size, batch.lengths[row] as number, per);
        const { input, target } = this.#description;
        if (name === batchInputs.x) perStep(batch.inputs.x as ArrayLike<number>, input.kind === 'ids' ? 1 : input.size);
        else if (name === batchInputs.target || name === batchInputs.weight) {
          const source = (name === batchInputs.target ? batch.targets : batch.weights) as ArrayLike<number>;
          const per = name === batchInputs.target && target.kind === 'values' ? target.size : 1;
          if (target.per === 'step') perStep(source, per);
          else rowOf(source, out, row, per);
        } else if (name === seedInputs.output) {
          const { shape, data } = seeds.output as Tensor;
          const per = shape.at(-1) ?? 1;
          if (this.#network.outputPerStep) perStep(data, per);
          else rowOf(data, out, row, per);
        } else {
          const given = this.states.find((info) => seedInputs.final(info.name) === name);
          const tensor = given && seeds.finals?.[given.name];
          if (tensor) rowOf(tensor.data, out, row, tensor.data.length / size);
          else out.fill(0);
        }
      },
      state: (name, row, out) => rowOf((state[name] as Tensor).data, out, row, out.length),
      mask: ({ site, row, step, probability, high }, out, offset, n) => {
        if (!key) {
          out.fill(probability * high, offset, offset + n);
          return;
        }
        const example = batch.exampleIndex[row] as number;
        fillMask(out, offset, n, { ...key, site, example, step: step ?? 0 }, probability, high);
      },
    };
  }

  #check(batch: Batch, state: State): void {
    this.#checkAlive();
    checkBatch(batch, this.#description);
    checkState(state, this.states, batch.size);
  }

  #checkAlive(): void {
    if (this.#disposed)
      throw new UnrolledError('EXECUTABLE_DISPOSED', 'This executable was disposed.', {
        mend: 'Compile the network again.',
      });
  }

  #checkTensor(name: string, { shape, data }: Tensor): void {
    const info = this.parameters.find((each) => each.name === name);
    if (!info)
      throw new UnrolledError(
        'PARAMETER_UNKNOWN',
        `There is no parameter "${name}"; there are ${this.parameters.map((each) => each.name).join(', ')}.`,
      );
    if (shape.join() !== info.shape.join() || data.length !== sizeOf(info.shape))
      throw new UnrolledError(
        'SHAPE_MISMATCH',
        `Parameter "${name}" has shape [${info.shape.join(', ')}], but [${shape.join(', ')}] with ${data.length} numbers was given.`,
      );
  }
}

function missingKey(): never {
  throw new UnrolledError('KEY_MISSING', 'Forward in mode "train" draws random masks, but no key was given.', {
    mend: 'Give { key: { seed, update } }, or use mode "infer".',
  });
}

function unknownName(name: string, known: readonly string[]): never {
  throw new UnrolledError('TRACE_UNKNOWN', `There is no value "${name}" to trace; there are ${known.join(', ')}.`);
}

function zeros(shape: readonly number[]): Tensor & { readonly data: Float64Array } {
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

function withoutTargets({ targets: _, weights: __, ...batch }: Batch): Batch {
  return batch;
}

function withoutLoss({ loss: _, ...description }: NetworkDescription): NetworkDescription {
  return description;
}
