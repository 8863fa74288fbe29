// An optimizer's equations applied to one parameter: as operations of TensorFlow.js, or in plain memory.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { EquationModule } from '@unrolled/core';
import { argumentsOf, buildUpdate, type Environment, Interpreter, type Update } from '@unrolled/equations';
import { Emitter, type Leaves } from './emitter.ts';
import { Positions } from './positions.ts';
import { type Program, programOf } from './program.ts';
import { Recorder } from './recorder.ts';
import type { Device, Tf } from './tensorflow.ts';

/** One parameter before an update. */
export interface ParameterState {
  /** All of one size, in any shape. */
  readonly gradient: TfTensor;
  readonly weights: TfTensor;
  /** In the order of {@link UpdateRule.states}. */
  readonly states: readonly TfTensor[];
}

/** Numbers that an update is for. */
export interface UpdateNumbers {
  readonly learningRate: number;
  /** The number of this update, from 1. */
  readonly update: number;
  /** What the gradient is multiplied by first. */
  readonly scale: number;
}

/** Applies an optimizer. */
export interface UpdateRule {
  /** Names of the states that the optimizer keeps for each parameter. */
  readonly states: readonly string[];
  /** Whether it takes small parameters better together than one by one. */
  readonly joins: boolean;
  /** New weights, then new states, in the shape of the weights. */
  readonly next: (before: ParameterState, numbers: UpdateNumbers) => TfTensor[];
}

/** The rule that suits a device. @throws EquationError */
export function ruleFor(tf: Tf, device: Device, optimizer: EquationModule): UpdateRule {
  // The cpu backend calls a function for each number of each operation.
  return device === 'cpu' ? new MemoryRule(tf, optimizer) : new TensorRule(tf, optimizer);
}

/** Numbers that are updated together: all that is computed of them stays in the cache. */
const blockSize = 1024;

/** In float64 by the interpreter, a block of numbers at a time. */
class MemoryRule implements UpdateRule {
  readonly states: readonly string[];
  readonly joins = false;
  readonly #tf: Tf;
  readonly #optimizer: EquationModule;
  readonly #plans = new Map<number, { readonly update: Update; readonly interpreter: Interpreter }>();

  constructor(tf: Tf, optimizer: EquationModule) {
    this.#tf = tf;
    this.#optimizer = optimizer;
    this.states = this.#plan(1).update.states;
  }

  readonly next = ({ gradient, weights, states }: ParameterState, numbers: UpdateNumbers): TfTensor[] => {
    const [g, ...kept] = [gradient, weights, ...states].map((tensor) => tensor.dataSync() as Float32Array);
    const fresh = kept.map(({ length }) => new Float32Array(length));
    for (let from = 0; from < weights.size; from += blockSize) {
      const block = (data: Float32Array) => Float64Array.from(data.subarray(from, from + blockSize));
      const scaled = block(g as Float32Array).map((value) => value * numbers.scale);
      this.#run(scaled, kept.map(block), numbers).forEach((data, i) => {
        fresh[i]?.set(data, from);
      });
    }
    return fresh.map((data) => this.#tf.tensor(data, weights.shape));
  };

  /** One block: new weights, then new states. */
  #run(gradient: Float64Array, kept: readonly Float64Array[], numbers: UpdateNumbers): readonly Float64Array[] {
    const { update, interpreter } = this.#plan(gradient.length);
    const names = [this.#optimizer.output, ...this.states];
    const leaf = (name: string) => (name === 'g' ? gradient : (kept[names.indexOf(name)] as Float64Array));
    interpreter.run(environmentOf(numbers, leaf));
    return [update.weights, ...update.nexts].map((id) => interpreter.read(id).data);
  }

  #plan(size: number) {
    const known = this.#plans.get(size);
    if (known) return known;
    const update = buildUpdate(this.#optimizer, size);
    const plan = { update, interpreter: new Interpreter(update.builder, [update.weights, ...update.nexts]) };
    this.#plans.set(size, plan);
    return plan;
  }
}

/** The update of parameters of one size. */
interface TensorPlan {
  readonly update: Update;
  readonly program: Program;
  /** Scalars that vectors are computed from; everything before them stays in float64. */
  readonly scalars: readonly number[];
  readonly interpreter: Interpreter;
}

/** As operations of TensorFlow.js. */
class TensorRule implements UpdateRule {
  readonly states: readonly string[];
  readonly joins = true;
  readonly #tf: Tf;
  readonly #optimizer: EquationModule;
  readonly #plans = new Map<number, TensorPlan>();

  constructor(tf: Tf, optimizer: EquationModule) {
    this.#tf = tf;
    this.#optimizer = optimizer;
    this.states = this.#plan(1).update.states;
  }

  readonly next = ({ gradient, weights, states }: ParameterState, numbers: UpdateNumbers): TfTensor[] => {
    const tf = this.#tf;
    const { update, program, scalars, interpreter } = this.#plan(weights.size);
    const scaled = numbers.scale === 1 ? gradient : tf.mul(gradient, tf.scalar(numbers.scale));
    const names = ['g', this.#optimizer.output, ...this.states];
    const tensors = [scaled, weights, ...states];
    const recorder = new Recorder(tf, false);
    const flat = [weights.size];
    const leaves = leavesFrom((name) => recorder.reshaped(tensors[names.indexOf(name)] as TfTensor, flat));
    const emitter = new Emitter(recorder, new Positions(recorder, Int32Array.of(1), 1), program, leaves);
    // Numbers such as 1 − β₂ᵗ are computed in float64: in float32 the first bias corrections would lose four digits.
    interpreter.run(environmentOf(numbers, notScalar));
    for (const id of scalars) emitter.set(id, tf.scalar(interpreter.read(id).data[0] as number));
    const taken = new Set(tensors);
    return [update.weights, ...update.nexts].map((id) => {
      const next = recorder.reshaped(emitter.operand(id), weights.shape);
      // What is kept must be nobody else's: a state may be another one of the step before, or the gradient.
      const own = taken.has(next) ? next.clone() : next;
      taken.add(own);
      return own;
    });
  };

  #plan(size: number): TensorPlan {
    const known = this.#plans.get(size);
    if (known) return known;
    const update = buildUpdate(this.#optimizer, size);
    const { builder } = update;
    const results = [update.weights, ...update.nexts];
    const isScalar = (id: number) => builder.shape(id).length === 0 && builder.at(id).op !== 'constant';
    const vectors = builder.values.filter(({ shape }) => shape.length > 0);
    const scalars = [...new Set([...vectors.flatMap(argumentsOf), ...results])].filter(isScalar);
    const plan = {
      update,
      program: programOf(builder, results),
      scalars,
      interpreter: new Interpreter(builder, scalars),
    };
    this.#plans.set(size, plan);
    return plan;
  }
}

/** What the interpreter reads: `rate`, `t`, and other leaves by name. */
function environmentOf({ learningRate, update }: UpdateNumbers, leaf: (name: string) => Float64Array): Environment {
  const [rate, t] = [Float64Array.of(learningRate), Float64Array.of(update)];
  const none = () => {};
  return {
    rows: 0,
    parameter: (name) => (name === 'rate' ? rate : name === 't' ? t : leaf(name)),
    length: () => 0,
    start: () => 0,
    input: none,
    state: none,
    mask: none,
  };
}

function notScalar(name: string): never {
  throw new RangeError(`"${name}" is no scalar`);
}

function leavesFrom(parameter: (name: string) => TfTensor): Leaves {
  const none = (): never => {
    throw new RangeError('an optimizer has no such leaf');
  };
  return { parameter, input: none, state: none, length: none, start: none, mask: none };
}
