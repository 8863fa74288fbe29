// Runs a network on TensorFlow.js: forward through the emitter, gradients by TensorFlow.js's own tape, all in float32.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import {
  type Batch,
  type Executable,
  type ForwardResult,
  type GradientsResult,
  type NetworkDescription,
  type RandomKey,
  type Snapshot,
  type State,
  type Tensor,
  UnrolledError,
} from '@unrolled/core';
import { batchInputs, buildNetwork, checkBatch, checkState, type Network, sizeOf } from '@unrolled/equations';
import { Emitter, type Leaves } from './emitter.ts';
import type { Device, Tf } from './load.ts';
import { maskTensor } from './masks.ts';
import { ParameterStore } from './store.ts';
import { Updater } from './updater.ts';

/** What one pass computes, all still on the device. */
interface Pass {
  readonly output: TfTensor;
  readonly finals: readonly TfTensor[];
  readonly loss: TfTensor | undefined;
}

/** Seeds of a gradient besides the loss. */
interface Seeds {
  readonly output?: Tensor;
  readonly finals?: State;
}

/** A network compiled for TensorFlow.js. */
export class TfjsExecutable implements Executable {
  readonly parameters: Executable['parameters'];
  readonly states: Executable['states'];
  readonly streams: Executable['streams'];
  readonly #tf: Tf;
  readonly #device: Device;
  readonly #description: NetworkDescription;
  readonly #network: Network;
  readonly #store: ParameterStore;
  readonly #updater: Updater;
  #disposed = false;

  constructor(tf: Tf, device: Device, description: NetworkDescription) {
    this.#tf = tf;
    this.#device = device;
    this.#description = description;
    this.#network = buildNetwork(description);
    this.parameters = this.#network.parameters;
    this.states = this.#network.states;
    this.streams = this.#network.streams;
    this.#use();
    this.#store = new ParameterStore(tf, this.parameters);
    this.#updater = new Updater(tf, this.#store, description.optimizer, description.clip ?? {});
  }

  readonly initialState = (batch: number): State =>
    Object.fromEntries(
      this.states.map(({ name, shape }) => [
        name,
        { shape: [batch, ...shape], data: new Float32Array(batch * sizeOf(shape)) },
      ]),
    );

  readonly forward: Executable['forward'] = async (batch, state, { mode, key, statesAt }) => {
    const whole = this.#check(batch, state);
    const random = mode === 'train' ? (key ?? missingKey()) : undefined;
    const result = await this.#forward(whole, state, random);
    if (!statesAt) return result;
    return { ...result, intermediate: await this.#statesAt(whole, state, random, statesAt, result.state) };
  };

  readonly gradients: Executable['gradients'] = async (batch, state, { key, outputGradient, finalStateGradient }) => {
    const whole = this.#check(batch, state);
    const seeds = {
      ...(outputGradient && { output: outputGradient }),
      ...(finalStateGradient && { finals: finalStateGradient }),
    };
    return this.#gradients(whole, state, key, seeds);
  };

  readonly trainStep: Executable['trainStep'] = async (batch, state, { key, learningRate, accumulate, statesAt }) => {
    const whole = this.#check(batch, state);
    this.#updater.requireOptimizer();
    if (!batch.targets || !batch.weights)
      throw new UnrolledError('BATCH_WITHOUT_TARGETS', 'A training step needs targets and weights.');
    const tf = this.#tf;
    let pass: Pass | undefined;
    const gradient = tf.tidy(() => {
      const flat = this.#store.weights;
      const { grads } = this.#tape(
        ([weights]) => {
          pass = keepAll(tf, this.#emit(whole, state, key, this.#store.split(weights as TfTensor)));
          return pass.loss as TfTensor;
        },
        [flat],
      );
      return grads[0] as TfTensor;
    });
    const done = pass as unknown as Pass;
    // Held until the result is read: an interior state needs the weights from before the update.
    const intermediate = statesAt && (await this.#statesAt(whole, state, key, statesAt, undefined));
    const loss = (await (done.loss as TfTensor).data())[0] as number;
    const gradientNorm = await this.#updater.step(gradient, { learningRate, accumulate: accumulate ?? false, loss });
    gradient.dispose();
    const result = { ...(await this.#read(done, whole)), loss, gradientNorm };
    return intermediate ? { ...result, intermediate } : result;
  };

  readonly trace: Executable['trace'] = async (batch, state, names) => {
    const whole = this.#check(batch, state);
    const tf = this.#tf;
    const { named, builder } = this.#network;
    const ids = names.map((name) => named.get(name) ?? unknownName(name, [...named.keys()]));
    const tensors = tf.tidy(() => {
      const emitter = this.#emitter(whole, state, undefined, this.#store.split(this.#store.weights));
      return ids.map((id) => emitter.get(id));
    });
    const traced: Record<string, Tensor> = {};
    for (const [i, name] of names.entries()) {
      const perStep = builder.at(ids[i] as number).over.includes('time');
      traced[name] = await take(tensors[i] as TfTensor, perStep ? whole : undefined);
    }
    return traced;
  };

  readonly read: Executable['read'] = async () => {
    this.#checkAlive();
    return { parameters: await this.#store.read(), ...(await this.#updater.read()) };
  };

  readonly write: Executable['write'] = async (snapshot: Snapshot) => {
    this.#checkAlive();
    this.#store.check(snapshot.parameters ?? {});
    await this.#updater.write(snapshot);
    if (snapshot.parameters) await this.#store.write(snapshot.parameters);
  };

  readonly dispose = (): void => {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#store.dispose();
    this.#updater.dispose();
  };

  async #forward(batch: Batch, state: State, key: RandomKey | undefined): Promise<ForwardResult> {
    let pass: Pass | undefined;
    this.#tf.tidy(() => {
      pass = keepAll(this.#tf, this.#emit(batch, state, key, this.#store.split(this.#store.weights)));
    });
    const done = pass as unknown as Pass;
    const loss = done.loss && ((await done.loss.data())[0] as number);
    const result = await this.#read(done, batch);
    return loss === undefined ? result : { ...result, loss };
  }

  async #gradients(batch: Batch, state: State, key: RandomKey | undefined, seeds: Seeds): Promise<GradientsResult> {
    const tf = this.#tf;
    const { input } = this.#description;
    const vectors = input.kind === 'vectors';
    let pass: Pass | undefined;
    const gradients = tf.tidy(() => {
      const initial = this.states.map(({ name }) => tensorOf(tf, state[name] as Tensor));
      const x = vectors ? [tf.tensor(float32(batch.inputs.x), [batch.time, batch.size, input.size])] : [];
      const leaves = [this.#store.weights, ...initial, ...x];
      const { grads } = this.#tape((given) => {
        const [weights, ...rest] = given as [TfTensor, ...TfTensor[]];
        const byName = new Map(this.states.map(({ name }, i) => [name, rest[i] as TfTensor]));
        const parameters = this.#store.split(weights);
        pass = keepAll(tf, this.#emit(batch, state, key, parameters, byName, vectors ? rest.at(-1) : undefined));
        return this.#objective(pass, seeds);
      }, leaves);
      return grads.map((gradient, i) => gradient ?? tf.zerosLike(leaves[i] as TfTensor));
    });
    const done = pass as unknown as Pass;
    const loss = done.loss ? ((await done.loss.data())[0] as number) : 0;
    const result = await this.#read(done, batch);
    const [weights, ...rest] = gradients as [TfTensor, ...TfTensor[]];
    const initialState: Record<string, Tensor> = {};
    for (const [i, { name }] of this.states.entries()) initialState[name] = await take(rest[i] as TfTensor);
    const inputs: Record<string, Tensor> = vectors ? { x: await take(rest.at(-1) as TfTensor, batch) } : {};
    return { ...result, loss, parameters: await this.#store.tensors(weights), inputs, initialState };
  }

  /** Loss + Σ seed·output + Σ seed·final state. */
  #objective({ loss, output, finals }: Pass, seeds: Seeds): TfTensor {
    const tf = this.#tf;
    let total: TfTensor = loss ?? tf.scalar(0);
    const add = (value: TfTensor, seed: Tensor) => {
      total = tf.add(total, tf.sum(tf.mul(value, tensorOf(tf, seed))));
    };
    if (seeds.output) add(output, seeds.output);
    this.states.forEach(({ name }, i) => {
      const seed = seeds.finals?.[name];
      if (seed) add(finals[i] as TfTensor, seed);
    });
    return total;
  }

  /** Gradients by TensorFlow.js's tape; null where the result does not depend on a tensor. */
  #tape(f: (given: TfTensor[]) => TfTensor, leaves: TfTensor[]): { readonly grads: (TfTensor | null)[] } {
    return this.#tf.engine().gradients(() => f(leaves) as never, leaves, null as never, true);
  }

  #emit(
    batch: Batch,
    state: State,
    key: RandomKey | undefined,
    parameters: ReadonlyMap<string, TfTensor>,
    states?: ReadonlyMap<string, TfTensor>,
    x?: TfTensor,
  ): Pass {
    const { output, finals, loss } = this.#network;
    const emitter = this.#emitter(batch, state, key, parameters, states, x);
    const counts = loss !== undefined && batch.targets !== undefined && batch.weights !== undefined;
    return {
      output: emitter.get(output),
      finals: finals.map((id) => emitter.get(id)),
      loss: counts ? emitter.get(loss) : undefined,
    };
  }

  #emitter(
    batch: Batch,
    state: State,
    key: RandomKey | undefined,
    parameters: ReadonlyMap<string, TfTensor>,
    states?: ReadonlyMap<string, TfTensor>,
    x?: TfTensor,
  ): Emitter {
    const tf = this.#tf;
    const { time, size: rows } = batch;
    const leaves: Leaves = {
      batch: rows,
      time,
      lengths: batch.lengths,
      parameter: (name) => parameters.get(name) as TfTensor,
      state: (name) => states?.get(name) ?? tensorOf(tf, state[name] as Tensor),
      start: () => tf.tensor1d(Float32Array.from(batch.start)),
      input: (name) => this.#input(name, batch, x),
      mask: (value) => maskTensor(tf, value, batch, key),
    };
    return new Emitter(tf, this.#network.builder, leaves);
  }

  #input(name: string, batch: Batch, x: TfTensor | undefined): TfTensor {
    const tf = this.#tf;
    const { input, target } = this.#description;
    const { time, size: rows } = batch;
    if (name === batchInputs.x) {
      if (x) return x;
      if (input.kind === 'vectors') return tf.tensor(float32(batch.inputs.x), [time, rows, input.size]);
      return tf.tensor(validIds(batch), [time, rows], 'int32');
    }
    const shape = target.per === 'step' ? [time, rows] : [rows];
    if (name === batchInputs.weight) return tf.tensor(float32(batch.weights), shape);
    if (target.kind === 'class') return tf.tensor(Int32Array.from(batch.targets as ArrayLike<number>), shape, 'int32');
    return tf.tensor(float32(batch.targets), [...shape, target.size]);
  }

  /** States after some numbers of steps: the batch run again with its sequences cut there. */
  async #statesAt(
    batch: Batch,
    state: State,
    key: RandomKey | undefined,
    steps: readonly number[],
    final: State | undefined,
  ): Promise<readonly State[]> {
    const longest = batch.lengths.reduce((a, b) => Math.max(a, b), 0);
    const states: State[] = [];
    for (const count of steps) {
      const { targets: _, weights: __, ...bare } = batch;
      const lengths = batch.lengths.map((length) => Math.min(length, count));
      if (count === 0) states.push(state);
      else if (count >= longest && final) states.push(final);
      else states.push((await this.#forward({ ...bare, lengths }, state, key)).state);
    }
    return states;
  }

  /** Output and final states as plain data; frees the tensors. */
  async #read({ output, finals, loss }: Pass, batch: Batch): Promise<ForwardResult> {
    const state: Record<string, Tensor> = {};
    for (const [i, { name }] of this.states.entries()) state[name] = await take(finals[i] as TfTensor);
    const result = { output: await take(output, this.#network.outputPerStep ? batch : undefined), state };
    loss?.dispose();
    return result;
  }

  /** TensorFlow.js has one current backend; another executable may have changed it. */
  #use(): void {
    if (this.#tf.getBackend() !== this.#device) void this.#tf.setBackend(this.#device);
  }

  /** Checks a call; a batch without steps gets one step of padding, since tensors can't be empty everywhere. */
  #check(batch: Batch, state: State): Batch {
    this.#checkAlive();
    checkBatch(batch, this.#description);
    checkState(state, this.states, batch.size);
    this.#use();
    return batch.time > 0 ? batch : withPadding(batch, this.#description);
  }

  #checkAlive(): void {
    if (this.#disposed)
      throw new UnrolledError('EXECUTABLE_DISPOSED', 'This executable was disposed.', {
        mend: 'Compile the network again.',
      });
  }
}

/** Tensors of a pass outlive the tidy that they were made in; equal ones are cloned, so that each is freed once. */
function keepAll(tf: Tf, { output, finals, loss }: Pass): Pass {
  const kept = (tensor: TfTensor) => tf.keep(tensor.clone());
  return { output: kept(output), finals: finals.map(kept), loss: loss && kept(loss) };
}

/** A tensor as plain data, 0 at padded steps where it is over time; frees it. */
async function take(tensor: TfTensor, padded?: Batch): Promise<Tensor> {
  const data = Float32Array.from(await tensor.data());
  const { shape } = tensor;
  tensor.dispose();
  if (padded) clearPadding(data, padded);
  return { shape, data };
}

function clearPadding(data: Float32Array, { time, size, lengths }: Batch): void {
  const per = data.length / (time * size);
  for (let row = 0; row < size; row++) {
    for (let t = lengths[row] as number; t < time; t++)
      data.fill(0, (t * size + row) * per, (t * size + row + 1) * per);
  }
}

function tensorOf(tf: Tf, { shape, data }: Tensor): TfTensor {
  return tf.tensor(float32(data), [...shape]);
}

function float32(values: ArrayLike<number> | undefined): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values ?? []);
}

/** Padding may hold any number; a look-up wants one that exists. */
function validIds({ inputs, lengths, size, time }: Batch): Int32Array {
  const ids = Int32Array.from(inputs.x as ArrayLike<number>);
  for (let row = 0; row < size; row++) for (let t = lengths[row] as number; t < time; t++) ids[t * size + row] = 0;
  return ids;
}

function withPadding(batch: Batch, { input, target }: NetworkDescription): Batch {
  const { size, targets, weights } = batch;
  const x = input.kind === 'ids' ? new Int32Array(size) : new Float32Array(size * input.size);
  const perStep = target.per === 'step';
  const emptyTargets = target.kind === 'class' ? new Int32Array(size) : new Float32Array(size * target.size);
  return {
    ...batch,
    time: 1,
    inputs: { x },
    ...(targets && perStep && { targets: emptyTargets }),
    ...(weights && perStep && { weights: new Float32Array(size) }),
  };
}

function missingKey(): never {
  throw new UnrolledError('KEY_MISSING', 'Forward in mode "train" draws random masks, but no key was given.', {
    mend: 'Give { key: { seed, update } }, or use mode "infer".',
  });
}

function unknownName(name: string, known: readonly string[]): never {
  throw new UnrolledError('TRACE_UNKNOWN', `There is no value "${name}" to trace; there are ${known.join(', ')}.`);
}
