// Clips gradients and applies the optimizer's equations to every parameter, in float64.
import {
  type ClipDescription,
  type EquationModule,
  type ParameterInfo,
  type Snapshot,
  type Tensors,
  UnrolledError,
} from '@unrolled/core';
import { sizeOf } from '@unrolled/equations';
import { BlockUpdate } from './block-update.ts';
import { type Arrays, checkTensor, copies } from './snapshot.ts';

/** What a step does besides looking at gradients. */
export interface StepOptions {
  /** The equations' `rate`. */
  readonly learningRate: number;
  /** Whether the gradient only joins those that wait. */
  readonly accumulate: boolean;
  /** Whether the loss is finite; otherwise nothing is changed. */
  readonly finite: boolean;
}

/** Keeps the optimizer's states, the number of updates and gradients that wait to be applied. */
export class Updater {
  readonly #parameters: readonly ParameterInfo[];
  readonly #update: BlockUpdate | undefined;
  readonly #clip: ClipDescription;
  readonly #states: Arrays;
  #accumulated: Arrays = new Map();
  #updates = 0;

  constructor(parameters: readonly ParameterInfo[], optimizer: EquationModule | undefined, clip: ClipDescription) {
    this.#parameters = parameters;
    this.#clip = clip;
    this.#update = optimizer && new BlockUpdate(optimizer);
    const states = this.#update?.states ?? [];
    this.#states = new Map(
      parameters.flatMap(({ name, shape }) =>
        states.map((state) => [`${state}/${name}`, new Float64Array(sizeOf(shape))] as const),
      ),
    );
  }

  /** @throws UnrolledError `OPTIMIZER_MISSING` */
  requireOptimizer(): BlockUpdate {
    if (this.#update) return this.#update;
    throw new UnrolledError(
      'OPTIMIZER_MISSING',
      'This network was compiled without an optimizer, so it can only predict.',
      { mend: 'Name an optimizer in the manifest.' },
    );
  }

  /**
   * Adds to the gradients that wait, or applies them. Weights stay as they are where the loss or the norm is not finite.
   * @param gradients - by parameter; read only during the call.
   * @returns the global norm of the gradient before clipping.
   */
  step(weights: Arrays, gradients: Arrays, { learningRate, accumulate, finite }: StepOptions): number {
    const total = this.#withAccumulated(gradients, accumulate);
    const norm = globalNorm(total.values());
    this.#accumulated = accumulate ? total : new Map();
    if (!accumulate && finite && Number.isFinite(norm)) this.#apply(weights, total, norm, learningRate);
    return norm;
  }

  read(): Required<Omit<Snapshot, 'parameters'>> {
    const optimizer = copies(this.#states, (name) => this.#shapeOf(parameterOf(name)));
    const accumulated = copies(this.#accumulated, (name) => this.#shapeOf(name));
    return { optimizer, accumulated, updates: this.#updates };
  }

  /** @throws UnrolledError `PARAMETER_UNKNOWN`, `SHAPE_MISMATCH`, `SNAPSHOT_INVALID` */
  check({ optimizer = {}, accumulated = {}, updates = 0 }: Snapshot): void {
    const states = [...this.#states.keys()].map((name) => ({ name, shape: this.#shapeOf(parameterOf(name)) }));
    for (const [name, tensor] of Object.entries(optimizer)) checkTensor('optimizer state', name, tensor, states);
    for (const [name, tensor] of Object.entries(accumulated)) checkTensor('gradient', name, tensor, this.#parameters);
    if (!(Number.isInteger(updates) && updates >= 0))
      throw new UnrolledError('SNAPSHOT_INVALID', `${updates} is no number of updates; a whole number from 0 is.`);
  }

  /** Overwrites what is given, which has been checked. */
  write({ optimizer = {}, accumulated, updates }: Snapshot): void {
    for (const [name, { data }] of Object.entries(optimizer)) this.#states.get(name)?.set(data);
    if (accumulated) this.#accumulated = arraysOf(accumulated);
    if (updates !== undefined) this.#updates = updates;
  }

  #shapeOf(parameter: string): readonly number[] {
    return this.#parameters.find(({ name }) => name === parameter)?.shape ?? [];
  }

  /** The sum with what waits. Kept, it is a copy, since the gradients are the caller's. */
  #withAccumulated(gradients: Arrays, keep: boolean): Arrays {
    if (this.#accumulated.size === 0 && !keep) return gradients;
    return new Map(
      this.#parameters.map(({ name }) => {
        const sum = (gradients.get(name) as Float64Array).slice();
        const before = this.#accumulated.get(name);
        if (before) for (let i = 0; i < sum.length; i++) sum[i] = (before[i] as number) + (sum[i] as number);
        return [name, sum];
      }),
    );
  }

  #apply(weights: Arrays, gradients: Arrays, norm: number, rate: number): void {
    const update = this.requireOptimizer();
    const clip = { value: this.#clip.value ?? Number.POSITIVE_INFINITY, scale: this.#scale(gradients, norm) };
    this.#updates += 1;
    for (const { name } of this.#parameters) {
      const states = update.states.map((state) => this.#states.get(`${state}/${name}`) as Float64Array);
      const [weight, gradient] = [weights.get(name) as Float64Array, gradients.get(name) as Float64Array];
      update.apply({ weight, gradient, states, clip, rate, update: this.#updates });
    }
  }

  /** What brings the norm, of what clipping by value leaves, down to the largest allowed; 1 where it is not above it. */
  #scale(gradients: Arrays, norm: number): number {
    const { value, norm: largest } = this.#clip;
    if (largest === undefined) return 1;
    const left = value === undefined ? norm : globalNorm(gradients.values(), value);
    return left > largest ? largest / left : 1;
  }
}

/** `layers.0.Wxh` of `m/layers.0.Wxh`. */
function parameterOf(state: string): string {
  return state.slice(state.indexOf('/') + 1);
}

function arraysOf(tensors: Tensors): Arrays {
  return new Map(Object.entries(tensors).map(([name, { data }]) => [name, Float64Array.from(data)]));
}

/** L2 norm over all gradients, each element clamped to ±`bound`, summed in their order. */
function globalNorm(gradients: Iterable<Float64Array>, bound = Number.POSITIVE_INFINITY): number {
  let sum = 0;
  for (const gradient of gradients) {
    for (let i = 0; i < gradient.length; i++) {
      const value = gradient[i] as number;
      const clamped = value > bound || value < -bound ? bound : value;
      sum += clamped * clamped;
    }
  }
  return Math.sqrt(sum);
}
