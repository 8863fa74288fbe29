// An optimizer's equations as a loop over all parameters at once; what is the same for all elements is computed before.
import type { ClipDescription, EquationModule } from '@unrolled/core';
import { argumentsOf, buildUpdate, evaluateScalars, type Update, type Value } from '@unrolled/equations';
import { F32x4, type FunctionBuilder, I32, type Variable } from '@unrolled/wasm';
import { arithmeticOf } from './arithmetic.ts';
import { control } from './header.ts';

/** Elements that the equations are built for; they hold for any number. */
const ELEMENTS = 4;

/** An optimizer, ready to be compiled and to be told its rate. */
export class Optimizer {
  /** Names of its states besides the weight. */
  readonly states: readonly string[];
  readonly #module: EquationModule;
  readonly #update: Update;
  /** Values of one number that values of many read. */
  readonly #scalars: readonly number[];
  /** Those of them that something of many elements is divided by: a multiplication by 1 ÷ them takes a third of the time. */
  readonly #divisors: readonly number[];

  /** @throws EquationError */
  constructor(module: EquationModule) {
    this.#module = module;
    this.#update = buildUpdate(module, ELEMENTS);
    this.states = this.#update.states;
    this.#scalars = scalarsOf(this.#update);
    const divisors = elementsOf(this.#update).map((value) => divisorOf(value, this.#update));
    this.#divisors = this.#scalars.filter((id) => divisors.includes(id));
  }

  /** What the equations' scalars are in this update, computed in float64, then 1 ÷ those that are divided by. */
  scalars(rate: number, update: number): Float32Array {
    const given: Readonly<Record<string, number>> = { rate, t: update };
    const values = evaluateScalars(this.#update.builder, this.#scalars, (name) => given[name] as number);
    const reciprocals = this.#divisors.map((id) => 1 / (values[this.#scalars.indexOf(id)] as number));
    return Float32Array.from([...values, ...reciprocals]);
  }

  /**
   * Emits one vector of elements.
   * @param at - bytes from an arena's start.
   * @param arenas - addresses of the weights, the gradients, and each state's.
   */
  emit(
    f: FunctionBuilder,
    at: Variable<I32>,
    arenas: { readonly weights: number; readonly gradients: number; readonly states: readonly number[] },
    clip: { readonly description: ClipDescription; readonly scale: Variable<F32x4> },
  ): void {
    const { builder, weights, nexts, states } = this.#update;
    const values = new Map<number, Variable<F32x4>>();
    const leaf = (name: string): F32x4 => {
      if (name === 'g') return clipped(F32x4.load(at, arenas.gradients), clip);
      const state = states.indexOf(name);
      return F32x4.load(at, state < 0 ? arenas.weights : (arenas.states[state] as number));
    };
    const valueAt = (id: number): Variable<F32x4> => {
      const known = values.get(id);
      if (known) return known;
      const made = f.let('element', this.#element(f, builder.at(id), leaf, valueAt));
      values.set(id, made);
      return made;
    };
    const results = [weights, ...nexts].map(valueAt);
    const [weight, ...rest] = results as [Variable<F32x4>, ...Variable<F32x4>[]];
    f.store(at, weight, arenas.weights);
    for (const [i, next] of rest.entries()) f.store(at, next, arenas.states[i] as number);
  }

  #element(
    f: FunctionBuilder,
    value: Value,
    leaf: (name: string) => F32x4,
    valueAt: (id: number) => Variable<F32x4>,
  ): F32x4 {
    const scalar = this.#scalars.indexOf(value.id);
    if (scalar >= 0) return scalarAt(scalar);
    const divisor = this.#divisors.indexOf(divisorOf(value, this.#update) ?? -1);
    if (divisor >= 0) {
      const [dividend] = argumentsOf(value) as [number];
      return valueAt(dividend).mul(scalarAt(this.#scalars.length + divisor));
    }
    if (value.op === 'constant') return F32x4.const(value.value);
    if (value.op === 'parameter') return leaf(value.name);
    return arithmeticOf(f, value, argumentsOf(value).map(valueAt));
  }

  /** The equation module's name, for messages. */
  get name(): string {
    return this.#module.name;
  }
}

function scalarAt(place: number): F32x4 {
  return F32x4.loadSplat(I32.const(control.scalars), 4 * place);
}

/** The one number that all elements of a value are divided by. */
function divisorOf(value: Value, { builder }: Update): number | undefined {
  if (value.op !== 'divide') return undefined;
  const [, by] = argumentsOf(value) as [number, number];
  const divisor = builder.at(by);
  const of = divisor.op === 'expand' ? (argumentsOf(divisor)[0] as number) : by;
  return builder.at(of).shape.length === 0 ? of : undefined;
}

function clipped(
  gradient: F32x4,
  { description: { value, norm }, scale }: { readonly description: ClipDescription; readonly scale: Variable<F32x4> },
): F32x4 {
  const clamped = value === undefined ? gradient : gradient.max(-value).min(value);
  return norm === undefined ? clamped : clamped.mul(scale);
}

/** Values of many elements that the update is computed from. */
function elementsOf({ builder, weights, nexts }: Update): readonly Value[] {
  const found = new Map<number, Value>();
  const visit = (id: number): void => {
    const value = builder.at(id);
    if (value.shape.length === 0 || found.has(id)) return;
    found.set(id, value);
    for (const arg of argumentsOf(value)) visit(arg);
  };
  for (const id of [weights, ...nexts]) visit(id);
  return [...found.values()];
}

/** Values of one number that are computed, and that something of many elements reads. */
function scalarsOf(update: Update): readonly number[] {
  const read = elementsOf(update).flatMap((value) => argumentsOf(value).map((id) => update.builder.at(id)));
  return [...new Set(read.filter(({ shape, op }) => shape.length === 0 && op !== 'constant').map(({ id }) => id))];
}
