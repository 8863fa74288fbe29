// Clips gradients and applies the optimizer's equations to every parameter.
import type { TensorContainer, Tensor as TfTensor } from '@tensorflow/tfjs';
import type { ClipDescription, ParameterInfo, Snapshot, Tensor, Tensors } from '@unrolled/core';
import { requireOptimizer, sizeOf } from '@unrolled/equations';
import { runOn } from './current-backend.ts';
import { ParameterTensors } from './parameters.ts';
import { partsOf } from './parts.ts';
import type { Device, Tf } from './tensorflow.ts';
import type { UpdateRule } from './update-rule.ts';

/** What a step needs besides the gradient. */
export interface StepOptions {
  readonly learningRate: number;
  /** Whether the gradient waits for a later step. */
  readonly accumulate: boolean;
  /** Whether the loss is a number: if not, nothing is updated. */
  readonly finite: boolean;
}

/** Keeps the optimizer's states, the number of updates and gradients that wait to be applied. */
export class Updater {
  readonly #tf: Tf;
  readonly #device: Device;
  readonly #infos: readonly ParameterInfo[];
  readonly #weights: ParameterTensors;
  readonly #clip: ClipDescription;
  readonly #rule: UpdateRule | undefined;
  readonly #states = new Map<string, ParameterTensors>();
  /** Numbers of parameters that are updated as one. */
  readonly #groups: readonly (readonly number[])[];
  #waiting: ParameterTensors | undefined;
  #updates = 0;

  /** The device must be the current one. */
  constructor(
    tf: Tf,
    device: Device,
    weights: ParameterTensors,
    rule: UpdateRule | undefined,
    clip: ClipDescription = {},
  ) {
    this.#tf = tf;
    this.#device = device;
    this.#infos = weights.infos;
    this.#weights = weights;
    this.#clip = clip;
    this.#rule = rule;
    this.#groups = groupsOf(weights.infos, rule?.joins ?? false);
    for (const state of this.states) this.#states.set(state, new ParameterTensors(tf, weights.infos));
  }

  /** @throws UnrolledError `OPTIMIZER_MISSING` */
  requireOptimizer(): UpdateRule {
    return requireOptimizer(this.#rule);
  }

  /** Names of the optimizer's states for each parameter; none without an optimizer. */
  get states(): readonly string[] {
    return this.#rule?.states ?? [];
  }

  /**
   * Adds to the gradients that wait, or applies them. Weights stay as they are where the loss or the norm is not finite.
   * @param gradients - in the order of the parameters, zeros if undefined; freed here, or kept to wait.
   * @returns the global norm of the gradient before clipping.
   */
  async step(
    gradients: readonly TfTensor[] | undefined,
    { learningRate, accumulate, finite }: StepOptions,
  ): Promise<number> {
    const zeros = () => this.#weights.all.map((each) => this.#tf.zerosLike(each));
    const total = await this.#run(() => this.#withWaiting(gradients ?? zeros()));
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
    const names = [...this.#states.keys()];
    const states = await Promise.all([...this.#states.values()].map((tensors) => tensors.read()));
    const optimizer = this.#infos.flatMap(({ name }) =>
      states.map((tensors, i) => [`${names[i]}/${name}`, tensors[name] as Tensor] as const),
    );
    return { optimizer: Object.fromEntries(optimizer), accumulated: (await waiting) ?? {}, updates };
  }

  /** Overwrites what is given, which must have been checked. The device must be the current one. */
  write({ optimizer = {}, accumulated, updates }: Snapshot): void {
    for (const [name, tensor] of Object.entries(optimizer)) {
      const [state, parameter] = parted(name);
      this.#states.get(state)?.write({ [parameter]: tensor });
    }
    if (accumulated) this.#overwriteWaiting(accumulated);
    if (updates !== undefined) this.#updates = updates;
  }

  /** Frees all that it keeps. */
  dispose(): void {
    for (const tensors of this.#states.values()) tensors.dispose();
    this.#waiting?.dispose();
  }

  #run<T extends TensorContainer>(f: () => T): Promise<T> {
    return runOn(this.#tf, this.#device, () => this.#tf.tidy(f));
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
    const tensors = new Map(this.#infos.map(({ name }, i) => [name, gradients[i] as TfTensor]));
    this.#waiting?.dispose();
    this.#waiting = new ParameterTensors(this.#tf, this.#infos, tensors);
  }

  #overwriteWaiting(accumulated: Tensors): void {
    this.#waiting?.dispose();
    this.#waiting = undefined;
    if (Object.keys(accumulated).length === 0) return;
    this.#waiting = new ParameterTensors(this.#tf, this.#infos);
    this.#waiting.write(accumulated);
  }

  /** L2 norm over all parameters. Each is summed along its last axis first: long float32 sums lose digits. */
  async #normOf(gradients: readonly TfTensor[]): Promise<number> {
    const tf = this.#tf;
    const squares = await this.#run(() => tf.stack(gradients.map((each) => tf.sum(tf.sum(tf.square(each), -1)))));
    const sums = (await squares.data()) as Float32Array;
    squares.dispose();
    return Math.sqrt(sums.reduce((total, sum) => total + sum, 0));
  }

  /** By value first, then by the global norm of what is left. */
  async #apply(gradients: readonly TfTensor[], norm: number, learningRate: number): Promise<void> {
    const clip = this.#clip;
    const { value } = clip;
    if (value === undefined) {
      await this.#update(gradients, scaleOf(clip, norm), learningRate);
      return;
    }
    const clamped = await this.#run(() => gradients.map((each) => this.#tf.clipByValue(each, -value, value)));
    try {
      const length = clip.norm === undefined ? 0 : await this.#normOf(clamped);
      await this.#update(clamped, scaleOf(clip, length), learningRate);
    } finally {
      for (const tensor of clamped) tensor.dispose();
    }
  }

  /** Computes everything before it replaces anything. */
  async #update(gradients: readonly TfTensor[], scale: number, learningRate: number): Promise<void> {
    const rule = this.requireOptimizer();
    const update = this.#updates + 1;
    const kept = [this.#weights, ...rule.states.map((state) => this.#states.get(state) as ParameterTensors)];
    const next = await this.#run(() =>
      this.#groups.map((group) => {
        const joined = (tensors: readonly TfTensor[]) =>
          joinedTensors(
            this.#tf,
            group.map((i) => tensors[i] as TfTensor),
          );
        const [weights, ...states] = kept.map(({ all }) => joined(all));
        const before = { gradient: joined(gradients), weights: weights as TfTensor, states };
        const shapes = group.map((i) => this.#infos[i]?.shape ?? []);
        return rule.next(before, { learningRate, update, scale }).map((each) => partedTensor(this.#tf, each, shapes));
      }),
    );
    this.#updates = update;
    this.#groups.forEach((group, at) => {
      group.forEach((i, place) => {
        kept.forEach((tensors, k) => {
          tensors.replace(this.#infos[i]?.name as string, next[at]?.[k]?.[place] as TfTensor);
        });
      });
    });
  }
}

/** Parameters of fewer numbers are updated as one; more are not worth copying. */
const joinedBelow = 32_768;

/** The small parameters together where `joins`, each other alone. */
function groupsOf(infos: readonly ParameterInfo[], joins: boolean): readonly (readonly number[])[] {
  const isSmall = ({ shape }: ParameterInfo): boolean => joins && sizeOf(shape) < joinedBelow;
  const small = infos.flatMap((info, i) => (isSmall(info) ? [i] : []));
  const others = infos.flatMap((info, i) => (isSmall(info) ? [] : [[i]]));
  return small.length > 0 ? [small, ...others] : others;
}

/** Tensors as one vector; one alone as it is. */
function joinedTensors(tf: Tf, tensors: readonly TfTensor[]): TfTensor {
  const [first] = tensors;
  if (first && tensors.length === 1) return first;
  return tf.concat(
    tensors.map((tensor) => (tensor.rank === 1 ? tensor : tf.reshape(tensor, [-1]))),
    0,
  );
}

/** Tensors of these shapes out of one. */
function partedTensor(tf: Tf, tensor: TfTensor, shapes: readonly (readonly number[])[]): TfTensor[] {
  if (shapes.length === 1) return [tensor];
  const parts = partsOf(tf, tensor, shapes.map(sizeOf), 0);
  return parts.map((part, i) => (shapes[i]?.length === 1 ? part : tf.reshape(part, [...(shapes[i] ?? [])])));
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
