// Clips gradients and applies the optimizer's equations to every parameter, in float64.
import type { ClipDescription, EquationModule, ParameterInfo, Snapshot, Tensors } from '@unrolled/core';
import { optimizerStates, requireOptimizer, sizeOf } from '@unrolled/equations';
import { BlockUpdate } from './block-update.ts';
import { type Arrays, copies } from './snapshot.ts';

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
    this.#states = new Map(
      optimizerStates(parameters, this.states).map(({ name, shape }) => [name, new Float64Array(sizeOf(shape))]),
    );
  }

  /** Names of the optimizer's states for each parameter; none without an optimizer. */
  get states(): readonly string[] {
    return this.#update?.states ?? [];
  }

  /** @throws UnrolledError `OPTIMIZER_MISSING` */
  requireOptimizer(): BlockUpdate {
    return requireOptimizer(this.#update);
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
