// Clips the gradient and applies the optimizer's equations to all weights at once.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import { type ClipDescription, type EquationModule, type Snapshot, type Tensor, UnrolledError } from '@unrolled/core';
import { argumentsOf, buildUpdate, Interpreter, type Update, type Value } from '@unrolled/equations';
import { Emitter } from './emitter.ts';
import type { Tf } from './load.ts';
import type { ParameterStore } from './store.ts';

/** What a step needs besides the gradient. */
interface StepOptions {
  readonly learningRate: number;
  readonly accumulate: boolean;
  readonly loss: number;
}

/** Scalars of an update, computed apart. */
interface Scalars {
  readonly ids: readonly number[];
  readonly interpreter: Interpreter;
}

/** Keeps the optimizer's states and gradients that wait. */
export class Updater {
  readonly #tf: Tf;
  readonly #store: ParameterStore;
  readonly #optimizer: EquationModule | undefined;
  readonly #clip: ClipDescription;
  readonly #update: Update | undefined;
  readonly #scalars: Scalars | undefined;
  readonly #states = new Map<string, TfTensor>();
  #accumulated: TfTensor | undefined;
  #updates = 0;

  constructor(tf: Tf, store: ParameterStore, optimizer: EquationModule | undefined, clip: ClipDescription) {
    this.#tf = tf;
    this.#store = store;
    this.#optimizer = optimizer;
    this.#clip = clip;
    if (!optimizer) return;
    this.#update = buildUpdate(optimizer, store.size);
    const ids = scalarBoundary(this.#update);
    this.#scalars = { ids, interpreter: new Interpreter(this.#update.builder, ids) };
    for (const state of this.#update.states) this.#states.set(state, tf.keep(tf.zeros([store.size])));
  }

  /** @throws UnrolledError `OPTIMIZER_MISSING` */
  requireOptimizer(): EquationModule {
    if (this.#optimizer) return this.#optimizer;
    throw new UnrolledError(
      'OPTIMIZER_MISSING',
      'This network was compiled without an optimizer, so it can only predict.',
      { mend: 'Name an optimizer in the manifest.' },
    );
  }

  /** Adds to the gradients that wait, or applies them; nothing changes where loss or norm is not finite. */
  async step(gradient: TfTensor, { learningRate, accumulate, loss }: StepOptions): Promise<number> {
    const tf = this.#tf;
    const waiting = this.#accumulated;
    const total = waiting ? tf.add(waiting, gradient) : gradient.clone();
    waiting?.dispose();
    this.#accumulated = accumulate ? tf.keep(total) : undefined;
    const norm = await normOf(tf, total);
    if (accumulate) return norm;
    if (Number.isFinite(norm) && Number.isFinite(loss)) this.#apply(await this.#clipped(total, norm), learningRate);
    else total.dispose();
    return norm;
  }

  async read(): Promise<Required<Omit<Snapshot, 'parameters'>>> {
    const optimizer: Record<string, Tensor> = {};
    for (const [state, tensor] of this.#states)
      Object.assign(optimizer, this.#store.named((await tensor.data()) as Float32Array, `${state}/`));
    const waiting = this.#accumulated;
    const accumulated = waiting ? this.#store.named((await waiting.data()) as Float32Array) : {};
    return { optimizer, accumulated, updates: this.#updates };
  }

  async write({ optimizer = {}, accumulated, updates }: Snapshot): Promise<void> {
    for (const [name, tensor] of Object.entries(optimizer)) {
      const state = name.slice(0, name.indexOf('/'));
      if (!this.#states.has(state))
        throw new UnrolledError('PARAMETER_UNKNOWN', `There is no optimizer state "${name}".`);
      this.#store.check({ [name]: tensor }, `${state}/`);
    }
    this.#store.check(accumulated ?? {});
    for (const [state, tensor] of this.#states) {
      const data = Float32Array.from(await tensor.data());
      this.#store.overwrite(data, optimizer, `${state}/`);
      tensor.dispose();
      this.#states.set(state, this.#tf.keep(this.#tf.tensor1d(data)));
    }
    if (accumulated) {
      this.#accumulated?.dispose();
      const data = new Float32Array(this.#store.size);
      this.#store.overwrite(data, accumulated);
      this.#accumulated = Object.keys(accumulated).length > 0 ? this.#tf.keep(this.#tf.tensor1d(data)) : undefined;
    }
    if (updates !== undefined) this.#updates = updates;
  }

  dispose(): void {
    for (const tensor of this.#states.values()) tensor.dispose();
    this.#accumulated?.dispose();
  }

  /** By value first, then by the global norm of what is left; frees the gradient. */
  async #clipped(gradient: TfTensor, norm: number): Promise<TfTensor> {
    const tf = this.#tf;
    const { value, norm: largest } = this.#clip;
    let clipped = gradient;
    let length = norm;
    if (value !== undefined) {
      clipped = tf.clipByValue(gradient, -value, value);
      gradient.dispose();
      length = largest === undefined ? norm : await normOf(tf, clipped);
    }
    if (largest === undefined || length <= largest) return clipped;
    const scaled = tf.tidy(() => tf.mul(clipped, tf.scalar(largest / length)));
    clipped.dispose();
    return scaled;
  }

  #apply(gradient: TfTensor, learningRate: number): void {
    const tf = this.#tf;
    const update = this.#update as Update;
    this.#updates += 1;
    const results = tf.tidy(() => {
      const emitter = new Emitter(tf, update.builder, {
        batch: 1,
        time: 1,
        lengths: Int32Array.of(1),
        parameter: (name) =>
          name === 'g'
            ? gradient
            : name === this.#optimizer?.output
              ? this.#store.weights
              : (this.#states.get(name) as TfTensor),
        input: unavailable,
        state: unavailable,
        start: unavailable,
        mask: unavailable,
      });
      this.#seedScalars(emitter, learningRate);
      return [...update.nexts, update.weights].map((id) => emitter.get(id));
    });
    gradient.dispose();
    update.states.forEach((state, i) => {
      this.#states.get(state)?.dispose();
      this.#states.set(state, tf.keep(results[i] as TfTensor));
    });
    this.#store.replace(results.at(-1) as TfTensor);
  }

  /** Numbers such as 1 − β₂ᵗ are computed in float64: in float32 the first bias corrections would lose four digits. */
  #seedScalars(emitter: Emitter, learningRate: number): void {
    const { ids, interpreter } = this.#scalars as Scalars;
    const [rate, t] = [Float64Array.of(learningRate), Float64Array.of(this.#updates)];
    interpreter.run({
      rows: 0,
      parameter: (name) => (name === 'rate' ? rate : t),
      length: () => 0,
      start: () => 0,
      input: () => {},
      state: () => {},
      mask: () => {},
    });
    for (const id of ids) emitter.set(id, this.#tf.scalar(interpreter.read(id).data[0] as number));
  }
}

/** Scalars that vectors are computed from: everything before them stays in float64. */
function scalarBoundary({ builder, nexts, weights }: Update): readonly number[] {
  const scalar = (value: Value) => value.shape.length === 0 && value.op !== 'constant';
  const boundary = new Set<number>();
  for (const value of builder.values) {
    if (value.shape.length === 0) continue;
    for (const id of argumentsOf(value)) if (scalar(builder.at(id))) boundary.add(id);
  }
  for (const id of [...nexts, weights]) if (scalar(builder.at(id))) boundary.add(id);
  return [...boundary];
}

async function normOf(tf: Tf, gradient: TfTensor): Promise<number> {
  const squared = tf.tidy(() => tf.sum(tf.square(gradient)));
  const [sum] = await squared.data();
  squared.dispose();
  return Math.sqrt(sum as number);
}

function unavailable(): never {
  throw new RangeError('an optimizer has no such leaf');
}
