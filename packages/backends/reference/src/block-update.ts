// An optimizer's equations over one parameter, a block of elements at a time, so that what is computed stays in cache.
import type { EquationModule } from '@unrolled/core';
import { buildUpdate, Interpreter, type Update } from '@unrolled/equations';

/** Elements of a block: some twenty arrays of this length fit a core's second cache. */
const blockSize = 4096;

/** One parameter, and what happens to it. */
export interface ParameterUpdate {
  /** Overwritten. */
  readonly weight: Float64Array;
  readonly gradient: Float64Array;
  /** In the order of {@link BlockUpdate.states}; overwritten. */
  readonly states: readonly Float64Array[];
  /** Each element of the gradient is clamped to ±`value` and then multiplied by `scale`. */
  readonly clip: { readonly value: number; readonly scale: number };
  /** The equations' `rate`. */
  readonly rate: number;
  /** The equations' `t`: the number of this update, from 1. */
  readonly update: number;
}

/** The equations for blocks of one length. */
interface Plan {
  readonly update: Update;
  readonly interpreter: Interpreter;
  /** What the equations read: `g`, the weight, the states. */
  readonly leaves: ReadonlyMap<string, Float64Array>;
}

/** Applies one optimizer. */
export class BlockUpdate {
  /** Names of its states besides the weight. */
  readonly states: readonly string[];
  readonly #optimizer: EquationModule;
  readonly #plans = new Map<number, Plan>();
  readonly #rate = new Float64Array(1);
  readonly #t = new Float64Array(1);

  /** @throws EquationError */
  constructor(optimizer: EquationModule) {
    this.#optimizer = optimizer;
    this.states = this.#plan(blockSize).update.states;
  }

  /** Overwrites a parameter and its states. */
  apply(given: ParameterUpdate): void {
    this.#rate[0] = given.rate;
    this.#t[0] = given.update;
    const { length } = given.weight;
    for (let from = 0; from < length; from += blockSize) this.#block(given, from, Math.min(blockSize, length - from));
  }

  #block({ weight, gradient, states, clip }: ParameterUpdate, from: number, size: number): void {
    const { update, interpreter, leaves } = this.#plan(size);
    clipInto(leaves.get('g') as Float64Array, gradient, from, clip);
    const kept = [weight, ...states];
    const names = [this.#optimizer.output, ...this.states];
    // Copies, since a result may be a value from before, which another result must not overwrite first.
    kept.forEach((data, i) => {
      (leaves.get(names[i] as string) as Float64Array).set(data.subarray(from, from + size));
    });
    interpreter.run({ ...noRows, parameter: (name) => leaves.get(name) as Float64Array });
    const results = [update.weights, ...update.nexts];
    kept.forEach((data, i) => {
      data.set(interpreter.read(results[i] as number).data, from);
    });
  }

  #plan(size: number): Plan {
    const known = this.#plans.get(size);
    if (known) return known;
    const update = buildUpdate(this.#optimizer, size);
    const names = ['g', this.#optimizer.output, ...update.states];
    const plan = {
      update,
      interpreter: new Interpreter(update.builder, [update.weights, ...update.nexts]),
      leaves: new Map([
        ...names.map((name) => [name, new Float64Array(size)] as const),
        ['rate', this.#rate] as const,
        ['t', this.#t] as const,
      ]),
    };
    this.#plans.set(size, plan);
    return plan;
  }
}

/** A block of the gradient, by value first, then by the global norm. */
function clipInto(
  out: Float64Array,
  gradient: Float64Array,
  from: number,
  { value, scale }: ParameterUpdate['clip'],
): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.max(-value, Math.min(value, gradient[from + i] as number)) * scale;
}

const noRows = {
  rows: 0,
  length: () => 0,
  start: () => 0,
  input: () => {},
  state: () => {},
  mask: () => {},
};
