// Clips gradients and applies the optimizer's equations to every parameter.
import type { TensorContainer, Tensor as TfTensor } from '@tensorflow/tfjs';
import {
  type ClipDescription,
  type EquationModule,
  type ParameterInfo,
  type Snapshot,
  type Tensor,
  type Tensors,
  UnrolledError,
} from '@unrolled/core';
import { argumentsOf, buildUpdate, Interpreter, sizeOf, type Update } from '@unrolled/equations';
import { Emitter, type Leaves } from './emitter.ts';
import { type Device, runOn, type Tf } from './load.ts';
import { checkTensors, ParameterTensors } from './parameters.ts';
import { Positions } from './positions.ts';
import { type Program, programOf } from './program.ts';
import { Recorder } from './recorder.ts';

/** What a step needs besides the gradient. */
export interface StepOptions {
  readonly learningRate: number;
  /** Whether the gradient waits for a later step. */
  readonly accumulate: boolean;
  /** Whether the loss is a number: if not, nothing is updated. */
  readonly finite: boolean;
}

/** The update of parameters of one size. */
interface Plan {
  readonly update: Update;
  readonly program: Program;
  /** Scalars that vectors are computed from; everything before them stays in float64. */
  readonly scalars: readonly number[];
  readonly interpreter: Interpreter;
}

/** Keeps the optimizer's states, the number of updates and gradients that wait to be applied. */
export class Updater {
  readonly #tf: Tf;
  readonly #device: Device;
  readonly #infos: readonly ParameterInfo[];
  readonly #weights: ParameterTensors;
  readonly #optimizer: EquationModule | undefined;
  readonly #clip: ClipDescription;
  readonly #plans = new Map<number, Plan>();
  readonly #states = new Map<string, ParameterTensors>();
  #waiting: ParameterTensors | undefined;
  #updates = 0;

  constructor(
    tf: Tf,
    device: Device,
    infos: readonly ParameterInfo[],
    weights: ParameterTensors,
    { optimizer, clip = {} }: { readonly optimizer?: EquationModule; readonly clip?: ClipDescription },
  ) {
    this.#tf = tf;
    this.#device = device;
    this.#infos = infos;
    this.#weights = weights;
    this.#optimizer = optimizer;
    this.#clip = clip;
    if (!optimizer) return;
    for (const { shape } of infos) {
      const size = sizeOf(shape);
      if (!this.#plans.has(size)) this.#plans.set(size, planOf(buildUpdate(optimizer, size)));
    }
    for (const state of this.#plans.values().next().value?.update.states ?? []) this.#states.set(state, this.#zeros());
  }

  /** @throws UnrolledError `OPTIMIZER_MISSING` */
  requireOptimizer(): void {
    if (this.#optimizer) return;
    throw new UnrolledError(
      'OPTIMIZER_MISSING',
      'This network was compiled without an optimizer, so it can only predict.',
      { mend: 'Name an optimizer in the manifest.' },
    );
  }

  /**
   * Adds to the gradients that wait, or applies them. Weights stay as they are where the loss or the norm is not finite.
   * @param gradients - in the order of the parameters, zeros if undefined; freed here.
   * @returns the global norm of the gradient before clipping.
   */
  async step(
    gradients: readonly TfTensor[] | undefined,
    { learningRate, accumulate, finite }: StepOptions,
  ): Promise<number> {
    const total = this.#run(() =>
      this.#withWaiting(gradients ?? this.#weights.all.map((each) => this.#tf.zerosLike(each))),
    );
    try {
      const norm = await this.#normOf(total);
      if (accumulate) {
        this.#wait(total);
        return norm;
      }
      this.#waiting?.dispose();
      this.#waiting = undefined;
      if (finite && Number.isFinite(norm)) await this.#apply(total, norm, learningRate);
      return norm;
    } finally {
      for (const tensor of total) if (!tensor.kept) tensor.dispose();
    }
  }

  /** Optimizer states, waiting gradients and the number of updates as plain data. */
  async read(): Promise<Required<Omit<Snapshot, 'parameters'>>> {
    const [updates, waiting] = [this.#updates, this.#waiting?.read()];
    const states = [...this.#states].map(async ([state, tensors]): Promise<[string, Tensor][]> => {
      const read = await tensors.read();
      return Object.entries(read).map(([name, tensor]) => [`${state}/${name}`, tensor]);
    });
    const optimizer = Object.fromEntries((await Promise.all(states)).flat());
    return { optimizer, accumulated: (await waiting) ?? {}, updates };
  }

  /** @throws UnrolledError `PARAMETER_UNKNOWN` or `SHAPE_MISMATCH` */
  check({ optimizer = {}, accumulated = {} }: Snapshot): void {
    for (const [name, tensor] of Object.entries(optimizer)) {
      const [state, parameter] = parted(name);
      if (!this.#states.has(state))
        throw new UnrolledError('PARAMETER_UNKNOWN', `There is no optimizer state "${name}".`);
      checkTensors(this.#infos, { [parameter]: tensor });
    }
    checkTensors(this.#infos, accumulated);
  }

  /** Overwrites what is given, which must have been checked. */
  write({ optimizer = {}, accumulated, updates }: Snapshot): void {
    runOn(this.#tf, this.#device, () => {
      for (const [name, tensor] of Object.entries(optimizer)) {
        const [state, parameter] = parted(name);
        this.#states.get(state)?.write({ [parameter]: tensor });
      }
      if (accumulated) this.#overwriteWaiting(accumulated);
    });
    if (updates !== undefined) this.#updates = updates;
  }

  /** Frees all that it keeps. */
  dispose(): void {
    for (const tensors of this.#states.values()) tensors.dispose();
    this.#waiting?.dispose();
  }

  #run<T extends TensorContainer>(f: () => T): T {
    return runOn(this.#tf, this.#device, () => this.#tf.tidy(f));
  }

  #zeros(): ParameterTensors {
    return runOn(this.#tf, this.#device, () => new ParameterTensors(this.#tf, this.#infos));
  }

  #withWaiting(gradients: readonly TfTensor[]): TfTensor[] {
    const waiting = this.#waiting?.all;
    if (!waiting) return [...gradients];
    return gradients.map((gradient, i) => {
      const sum = this.#tf.add(waiting[i] as TfTensor, gradient);
      gradient.dispose();
      return sum;
    });
  }

  #wait(gradients: readonly TfTensor[]): void {
    this.#waiting ??= this.#zeros();
    this.#infos.forEach(({ name }, i) => {
      this.#waiting?.replace(name, gradients[i] as TfTensor);
    });
  }

  #overwriteWaiting(accumulated: Tensors): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
    if (Object.keys(accumulated).length === 0) return;
    this.#waiting = this.#zeros();
    this.#waiting.write(accumulated);
  }

  /** L2 norm over all parameters. Each is summed along its last axis first: long float32 sums lose digits. */
  async #normOf(gradients: readonly TfTensor[]): Promise<number> {
    const tf = this.#tf;
    const squares = this.#run(() => tf.stack(gradients.map((each) => tf.sum(tf.sum(tf.square(each), -1)))));
    const sums = (await squares.data()) as Float32Array;
    squares.dispose();
    return Math.sqrt(sums.reduce((total, sum) => total + sum, 0));
  }

  /** By value first, then by the global norm of what is left. */
  async #apply(gradients: readonly TfTensor[], norm: number, learningRate: number): Promise<void> {
    const [tf, clip] = [this.#tf, this.#clip];
    const { value } = clip;
    if (value === undefined) {
      this.#update(gradients, scaleOf(clip, norm), learningRate);
      return;
    }
    const clamped = this.#run(() => gradients.map((each) => tf.clipByValue(each, -value, value)));
    this.#update(clamped, scaleOf(clip, clip.norm === undefined ? 0 : await this.#normOf(clamped)), learningRate);
    for (const tensor of clamped) tensor.dispose();
  }

  /** Computes everything before it replaces anything. */
  #update(gradients: readonly TfTensor[], scale: number, learningRate: number): void {
    const tf = this.#tf;
    const updates = this.#updates + 1;
    const next = this.#run(() =>
      this.#infos.map((info, i) => {
        const gradient = gradients[i] as TfTensor;
        return this.#next(info, scale === 1 ? gradient : tf.mul(gradient, tf.scalar(scale)), learningRate, updates);
      }),
    );
    this.#updates = updates;
    this.#infos.forEach(({ name }, i) => {
      const [weights, ...states] = next[i] as [TfTensor, ...TfTensor[]];
      this.#weights.replace(name, weights);
      [...this.#states.values()].forEach((tensors, k) => {
        tensors.replace(name, states[k] as TfTensor);
      });
    });
  }

  /** New weights of one parameter, then its new states. */
  #next({ name, shape }: ParameterInfo, gradient: TfTensor, learningRate: number, updates: number): TfTensor[] {
    const tf = this.#tf;
    const { update, program, scalars, interpreter } = this.#plans.get(sizeOf(shape)) as Plan;
    const flat = (tensors: ParameterTensors | undefined) => tf.reshape(tensors?.byName.get(name) as TfTensor, [-1]);
    const leaf = (leafName: string): TfTensor => {
      if (leafName === 'g') return tf.reshape(gradient, [-1]);
      return flat(leafName === this.#optimizer?.output ? this.#weights : this.#states.get(leafName));
    };
    const recorder = new Recorder(tf, false);
    const emitter = new Emitter(recorder, new Positions(recorder, Int32Array.of(1), 1), program, leavesFrom(leaf));
    runScalars(interpreter, learningRate, updates);
    for (const id of scalars) emitter.set(id, tf.scalar(interpreter.read(id).data[0] as number));
    return [update.weights, ...update.nexts].map((id) => tf.reshape(emitter.operand(id), [...shape]));
  }
}

function planOf(update: Update): Plan {
  const { builder, nexts, weights } = update;
  const results = [weights, ...nexts];
  const isScalar = (id: number) => builder.shape(id).length === 0 && builder.at(id).op !== 'constant';
  const vectors = builder.values.filter(({ shape }) => shape.length > 0);
  const scalars = [...new Set([...vectors.flatMap(argumentsOf), ...results])].filter(isScalar);
  return { update, program: programOf(builder, results), scalars, interpreter: new Interpreter(builder, scalars) };
}

/** Numbers such as 1 − β₂ᵗ are computed in float64: in float32 the first bias corrections would lose four digits. */
function runScalars(interpreter: Interpreter, learningRate: number, updates: number): void {
  const [rate, t] = [Float64Array.of(learningRate), Float64Array.of(updates)];
  const none = () => {};
  interpreter.run({
    rows: 0,
    parameter: (name) => (name === 'rate' ? rate : t),
    length: () => 0,
    start: () => 0,
    input: none,
    state: none,
    mask: none,
  });
}

function leavesFrom(parameter: (name: string) => TfTensor): Leaves {
  const none = (): never => {
    throw new RangeError('an optimizer has no such leaf');
  };
  return { parameter, input: none, state: none, length: none, start: none, mask: none };
}

/** What brings a gradient of this norm to the largest that is allowed. */
function scaleOf({ norm: largest }: ClipDescription, norm: number): number {
  return largest === undefined || norm <= largest ? 1 : largest / norm;
}

/** `m/layers.0.Wxh` → `m` and `layers.0.Wxh`. */
function parted(name: string): readonly [string, string] {
  const at = name.indexOf('/');
  return [name.slice(0, at), name.slice(at + 1)];
}
