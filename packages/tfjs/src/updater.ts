// Clips gradients and applies the optimizer's equations to every parameter.
import type { TensorContainer, Tensor as TfTensor } from '@tensorflow/tfjs';
import type { ClipDescription, Snapshot, Tensors } from '@unrolled/core';
import { requireOptimizer } from '@unrolled/equations';
import { Blocks, rowLength } from './blocks.ts';
import { runOn } from './current-backend.ts';
import { ParameterTensors } from './parameters.ts';
import type { Device, Tf } from './tensorflow.ts';
import type { ParameterState, UpdateRule } from './update-rule.ts';

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
  readonly #infos: ParameterTensors['infos'];
  readonly #weights: ParameterTensors;
  readonly #clip: ClipDescription;
  readonly #rule: UpdateRule | undefined;
  /** By block. */
  readonly #states = new Map<string, ParameterTensors>();
  readonly #blocks: Blocks;
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
    this.#blocks = new Blocks(tf, weights.infos, rule?.joins ?? false);
    for (const state of this.states) this.#states.set(state, new ParameterTensors(tf, this.#blocks.infos));
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
    let joined: readonly TfTensor[] = [];
    try {
      joined = await this.#run(() => this.#blocks.joined(total));
      const norm = await this.#normOf(joined);
      if (accumulate) {
        this.#wait(total);
        return norm;
      }
      this.#waiting?.dispose();
      this.#waiting = undefined;
      if (finite && Number.isFinite(norm)) await this.#apply(joined, norm, learningRate);
      return norm;
    } finally {
      for (const tensor of new Set([...total, ...joined])) if (!tensor.kept) tensor.dispose();
    }
  }

  /** Optimizer states, waiting gradients and the number of updates as plain data. */
  async read(): Promise<Required<Omit<Snapshot, 'parameters'>>> {
    const [updates, waiting] = [this.#updates, this.#waiting?.read()];
    const names = [...this.#states.keys()];
    const states = await Promise.all([...this.#states.values()].map(({ all }) => this.#numbersOf(all)));
    const optimizer = this.#infos.flatMap(({ name, shape }, parameter) =>
      states.map((numbers, i) => [`${names[i]}/${name}`, { shape, data: numbers[parameter] as Float32Array }] as const),
    );
    return { optimizer: Object.fromEntries(optimizer), accumulated: (await waiting) ?? {}, updates };
  }

  /** Overwrites what is given, which must have been checked. The device must be the current one. */
  write({ optimizer = {}, accumulated, updates }: Snapshot): void {
    for (const [state, tensors] of this.#states) this.#writeState(state, tensors, optimizer);
    if (accumulated) this.#overwriteWaiting(accumulated);
    if (updates !== undefined) this.#updates = updates;
  }

  /** Frees all that it keeps. */
  dispose(): void {
    for (const tensors of this.#states.values()) tensors.dispose();
    this.#waiting?.dispose();
  }

  async #numbersOf(blocks: readonly TfTensor[]): Promise<Float32Array[]> {
    const data = await Promise.all(blocks.map((block) => block.data()));
    return this.#blocks.partedNumbers(data.map((numbers) => Float32Array.from(numbers)));
  }

  /** Overwrites what is given of one state: `m/layers.0.Wxh`. */
  #writeState(state: string, tensors: ParameterTensors, optimizer: Tensors): void {
    if (!this.#infos.some(({ name }) => optimizer[`${state}/${name}`])) return;
    const blocks = this.#tf.tidy(() => {
      const parts = this.#blocks.parted(tensors.all).map((part, i) => {
        const given = optimizer[`${state}/${this.#infos[i]?.name}`];
        return given ? this.#tf.tensor(Float32Array.from(given.data), part.shape) : part;
      });
      return this.#blocks.joined(parts);
    });
    tensors.replaceAll(blocks);
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

  /** L2 norm over all blocks. Each is summed along short rows alone, the rest here: long float32 sums lose digits. */
  async #normOf(gradients: readonly TfTensor[]): Promise<number> {
    const tf = this.#tf;
    const squares = await this.#run(() => {
      const sums = gradients.map((each) => {
        const isBlock = each.rank === 1 && each.size % rowLength === 0;
        const sum = tf.sum(tf.square(isBlock ? tf.reshape(each, [-1, rowLength]) : each), -1);
        return sum.rank === 1 ? sum : tf.reshape(sum, [-1]);
      });
      return sums.length === 1 ? (sums[0] as TfTensor) : tf.concat(sums);
    });
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
    const states = rule.states.map((state) => this.#states.get(state) as ParameterTensors);
    const next = await this.#run(() => {
      const weights = this.#blocks.joined(this.#weights.all);
      const updated = weights.map((each, i) => {
        const before = { gradient: gradients[i] as TfTensor, weights: each, states: states.map(({ all }) => all[i]) };
        return rule.next(before as ParameterState, { learningRate, update, scale });
      });
      const at = (place: number): TfTensor[] => updated.map((each) => each[place] as TfTensor);
      return { weights: this.#blocks.parted(at(0)), states: states.map((_, i) => at(1 + i)) };
    });
    this.#updates = update;
    this.#weights.replaceAll(next.weights);
    states.forEach((tensors, i) => {
      tensors.replaceAll(next.states[i] as TfTensor[]);
    });
  }
}

/** What brings a gradient of this norm to the largest that is allowed. */
function scaleOf({ norm: largest }: ClipDescription, norm: number): number {
  return largest === undefined || norm <= largest ? 1 : largest / norm;
}
