// Clips gradients and applies the optimizer's equations to every parameter, in float64.
import {
  type ClipDescription,
  type EquationModule,
  type ParameterInfo,
  type Snapshot,
  type Tensor,
  type Tensors,
  UnrolledError,
} from '@unrolled/core';
import { buildUpdate, Interpreter, sizeOf, type Update } from '@unrolled/equations';

interface Plan {
  readonly update: Update;
  readonly interpreter: Interpreter;
}

/** Keeps the optimizer's states, the number of updates and gradients that wait to be applied. */
export class Updater {
  readonly #parameters: readonly ParameterInfo[];
  readonly #optimizer: EquationModule | undefined;
  readonly #clip: ClipDescription;
  readonly #plans = new Map<number, Plan>();
  readonly #states = new Map<string, Float64Array>();
  #accumulated: Record<string, Tensor> = {};
  #updates = 0;

  constructor(parameters: readonly ParameterInfo[], optimizer: EquationModule | undefined, clip: ClipDescription) {
    this.#parameters = parameters;
    this.#optimizer = optimizer;
    this.#clip = clip;
    if (!optimizer) return;
    for (const { name, shape } of parameters) {
      for (const state of this.#plan(optimizer, sizeOf(shape)).update.states) {
        this.#states.set(`${state}/${name}`, new Float64Array(sizeOf(shape)));
      }
    }
  }

  /** @throws UnrolledError `OPTIMIZER_MISSING` */
  requireOptimizer(): EquationModule {
    if (this.#optimizer) return this.#optimizer;
    throw new UnrolledError(
      'OPTIMIZER_MISSING',
      'This network was compiled without an optimizer, so it can only predict.',
      {
        mend: 'Name an optimizer in the manifest.',
      },
    );
  }

  /**
   * Adds to the gradients that wait, or applies them. Weights stay as they are where the loss or the norm is not finite.
   * @returns the global norm of the gradient before clipping.
   */
  step(
    weights: ReadonlyMap<string, Float64Array>,
    gradients: Tensors,
    options: { readonly learningRate: number; readonly accumulate: boolean; readonly finite: boolean },
  ): number {
    const total = this.#withAccumulated(gradients);
    const norm = globalNorm(this.#parameters, total);
    if (options.accumulate) {
      this.#accumulated = total;
      return norm;
    }
    this.#accumulated = {};
    if (options.finite && Number.isFinite(norm))
      this.#apply(weights, clipped(this.#parameters, total, this.#clip), options.learningRate);
    return norm;
  }

  read(): Required<Omit<Snapshot, 'parameters'>> {
    const optimizer: Record<string, Tensor> = {};
    for (const [name, data] of this.#states)
      optimizer[name] = { shape: this.#shapeOf(name.slice(name.indexOf('/') + 1)), data: data.slice() };
    const accumulated = Object.fromEntries(
      Object.entries(this.#accumulated).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
    );
    return { optimizer, accumulated, updates: this.#updates };
  }

  write({ optimizer = {}, accumulated, updates }: Snapshot): void {
    for (const [name, { data }] of Object.entries(optimizer))
      this.#require(name, this.#states.get(name)?.length, data.length);
    for (const [name, { data }] of Object.entries(accumulated ?? {}))
      this.#require(name, sizeOf(this.#shapeOf(name)), data.length);
    for (const [name, { data }] of Object.entries(optimizer)) this.#states.get(name)?.set(data);
    if (accumulated) {
      this.#accumulated = Object.fromEntries(
        Object.entries(accumulated).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
      );
    }
    if (updates !== undefined) this.#updates = updates;
  }

  #shapeOf(parameter: string): readonly number[] {
    const info = this.#parameters.find(({ name }) => name === parameter);
    if (!info) throw new UnrolledError('PARAMETER_UNKNOWN', `There is no parameter "${parameter}".`);
    return info.shape;
  }

  #require(name: string, expected: number | undefined, given: number): void {
    if (expected === undefined) throw new UnrolledError('PARAMETER_UNKNOWN', `There is no optimizer state "${name}".`);
    if (expected !== given)
      throw new UnrolledError('SHAPE_MISMATCH', `"${name}" has ${expected} numbers, but ${given} were given.`);
  }

  #withAccumulated(gradients: Tensors): Record<string, Tensor> {
    const sums = this.#accumulated;
    return Object.fromEntries(
      this.#parameters.map(({ name }) => {
        const gradient = gradients[name] as Tensor;
        const before = sums[name];
        if (!before) return [name, gradient];
        return [
          name,
          { shape: gradient.shape, data: gradient.data.map((value, i) => (before.data[i] as number) + value) },
        ];
      }),
    );
  }

  #apply(weights: ReadonlyMap<string, Float64Array>, gradients: Tensors, learningRate: number): void {
    const optimizer = this.requireOptimizer();
    this.#updates += 1;
    const [rate, t] = [Float64Array.of(learningRate), Float64Array.of(this.#updates)];
    for (const { name, shape } of this.#parameters) {
      const { update, interpreter } = this.#plan(optimizer, sizeOf(shape));
      const weight = weights.get(name) as Float64Array;
      const leaves: Record<string, Float64Array> = {
        g: Float64Array.from((gradients[name] as Tensor).data),
        [optimizer.output]: weight,
        rate,
        t,
      };
      for (const state of update.states) leaves[state] = this.#states.get(`${state}/${name}`) as Float64Array;
      interpreter.run({ ...noRows, parameter: (leaf) => leaves[leaf] as Float64Array });
      update.states.forEach((state, i) => {
        (leaves[state] as Float64Array).set(interpreter.read(update.nexts[i] as number).data);
      });
      weight.set(interpreter.read(update.weights).data);
    }
  }

  #plan(optimizer: EquationModule, size: number): Plan {
    const known = this.#plans.get(size);
    if (known) return known;
    const update = buildUpdate(optimizer, size);
    const plan = { update, interpreter: new Interpreter(update.builder, [...update.nexts, update.weights]) };
    this.#plans.set(size, plan);
    return plan;
  }
}

const noRows = {
  rows: 0,
  length: () => 0,
  start: () => 0,
  input: () => {},
  state: () => {},
  mask: () => {},
};

/** L2 norm over all parameters, summed in their order. */
function globalNorm(parameters: readonly ParameterInfo[], gradients: Tensors): number {
  let sum = 0;
  for (const { name } of parameters) for (const value of (gradients[name] as Tensor).data) sum += value * value;
  return Math.sqrt(sum);
}

/** By value first, then by the global norm of what is left. */
function clipped(parameters: readonly ParameterInfo[], gradients: Tensors, { value, norm }: ClipDescription): Tensors {
  let result = gradients;
  if (value !== undefined) result = mapAll(result, (each) => Math.max(-value, Math.min(value, each)));
  if (norm === undefined) return result;
  const total = globalNorm(parameters, result);
  if (total <= norm) return result;
  const scale = norm / total;
  return mapAll(result, (each) => each * scale);
}

function mapAll(tensors: Tensors, change: (value: number) => number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: data.map(change) }]),
  );
}
