// How a whole recurrent state depends on an earlier one: ∂s[t]/∂s[k], all layers and states together.
import type { Batch, State, StateInfo } from '@unrolled/core';
import { UnrolledError } from '@unrolled/core';
import {
  addGradients,
  buildNetwork,
  checkBatch,
  Interpreter,
  type Network,
  type NetworkGradients,
  sizeOf,
} from '@unrolled/equations';
import { environmentOf, inFloat64, oneSequence, zeroState } from './environment.ts';
import { frobeniusNorm, spectralNorm } from './norms.ts';
import type { Subject } from './subject.ts';

/** Jacobians of the state after the last step by the state after each earlier one. */
export interface StateJacobians {
  /** Number of steps T. */
  readonly steps: number;
  /** Size of the whole state: all recurrent states of all layers, one behind the other. */
  readonly size: number;
  /** Names of the states in that order. */
  readonly states: readonly string[];
  /** By k from 0 to T: ∂s[T]/∂s[k] `[size, size]` row-major, where s[0] is the state before the first step. */
  readonly jacobians: readonly Float64Array[];
  /** Spectral norm of each: the most that a change of s[k] can be stretched on its way to s[T]. */
  readonly spectralNorms: Float64Array;
  /** Frobenius norm of each. */
  readonly frobeniusNorms: Float64Array;
}

/**
 * ∂s[T]/∂s[k] for every k, in float64 and without dropout: products of the Jacobians of single steps, each found by
 * backpropagating the unit vectors through one step (Pascanu, Mikolov and Bengio 2013, equation 5, for the whole state).
 *
 * @param batch - one sequence; targets are not needed.
 * @throws UnrolledError `NETWORK_DOES_NOT_STREAM` where a layer needs the future, `BATCH_INVALID`
 */
export function stateJacobians(subject: Subject, batch: Batch): StateJacobians {
  oneSequence(batch);
  checkBatch(batch, subject.network);
  const stepper = new Stepper(subject);
  const steps = batch.lengths[0] as number;
  const { size } = stepper;
  const single: Float64Array[] = [];
  let state = zeroState(stepper.states, 1);
  for (let step = 0; step < steps; step++) {
    const { jacobian, next } = stepper.step(stepOf(batch, subject, step), state);
    single.push(jacobian);
    state = next;
  }
  const jacobians: Float64Array[] = [identity(size)];
  for (let step = steps - 1; step >= 0; step--)
    jacobians.unshift(product(jacobians[0] as Float64Array, single[step] as Float64Array, size));
  return {
    steps,
    size,
    states: stepper.recurrent.map(({ name }) => name),
    jacobians,
    spectralNorms: Float64Array.from(jacobians, (jacobian) => spectralNorm(jacobian, size)),
    frobeniusNorms: Float64Array.from(jacobians, frobeniusNorm),
  };
}

/** Runs one step of the network with a unit vector behind each part of the recurrent state. */
class Stepper {
  readonly states: readonly StateInfo[];
  /** States of the layers; sums that a pooling output keeps are left out. */
  readonly recurrent: readonly StateInfo[];
  readonly size: number;
  readonly #subject: Subject;
  readonly #network: Network;
  readonly #gradients: NetworkGradients;
  readonly #interpreter: Interpreter;

  constructor({ network, parameters }: Subject) {
    const { loss: _, ...bare } = network;
    this.#subject = { network: bare, parameters: inFloat64(parameters) };
    this.#network = buildNetwork(bare);
    if (this.#network.streams !== true)
      throw new UnrolledError(
        'NETWORK_DOES_NOT_STREAM',
        `A state has no Jacobian step by step. ${this.#network.streams}`,
        { mend: 'Look at a network of forward layers, or at gradientFlow, which any network has.' },
      );
    this.states = this.#network.states;
    this.recurrent = this.states.filter(({ name }) => name.startsWith('layers.'));
    this.size = this.recurrent.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.#gradients = addGradients(this.#network, { output: false, finals: true });
    this.#interpreter = new Interpreter(this.#network.builder, [...this.#gradients.states, ...this.#network.finals]);
  }

  step(batch: Batch, state: State): { readonly jacobian: Float64Array; readonly next: State } {
    const { size } = this;
    const repeated = Object.fromEntries(
      this.states.map(({ name, shape }) => {
        const row = (state[name] as State[string]).data;
        const data = new Float64Array(size * row.length);
        for (let i = 0; i < size; i++) data.set(row, i * row.length);
        return [name, { shape: [size, ...shape], data }];
      }),
    );
    const jacobian = new Float64Array(size * size);
    const next = zeroState(this.states, 1);
    this.#interpreter.run(environmentOf(this.#subject, batch, repeated, size, this.#unitVectors()), (row) => {
      let column = 0;
      this.states.forEach((info, i) => {
        if (!this.recurrent.includes(info)) return;
        const length = sizeOf(info.shape);
        const { data } = this.#interpreter.read(this.#gradients.states[i] as number);
        jacobian.set(data.subarray(0, length), row * size + column);
        column += length;
      });
      if (row === 0) this.#keepFinals(next);
    });
    return { jacobian, next };
  }

  #keepFinals(next: State): void {
    this.states.forEach(({ name, shape }, i) => {
      const { data } = this.#interpreter.read(this.#network.finals[i] as number);
      (next[name] as State[string]).data.set(data.subarray(0, sizeOf(shape)));
    });
  }

  /** Row i seeds element i of the whole state. */
  #unitVectors(): State {
    let first = 0;
    return Object.fromEntries(
      this.recurrent.map(({ name, shape }) => {
        const length = sizeOf(shape);
        const data = new Float64Array(this.size * length);
        for (let i = 0; i < length; i++) data[(first + i) * length + i] = 1;
        first += length;
        return [name, { shape: [this.size, ...shape], data }];
      }),
    );
  }
}

function stepOf(batch: Batch, { network }: Subject, step: number): Batch {
  const width = network.input.kind === 'ids' ? 1 : network.input.size;
  const x = (batch.inputs.x as Float64Array).slice(step * width, (step + 1) * width);
  return {
    size: 1,
    time: 1,
    inputs: { x },
    lengths: Int32Array.of(1),
    exampleIndex: batch.exampleIndex,
    start: Int32Array.of((batch.start[0] as number) + step),
  };
}

function identity(size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = out.subarray(i * size, (i + 1) * size);
    for (let k = 0; k < size; k++) {
      const left = a[i * size + k] as number;
      const from = k * size;
      for (let j = 0; j < size; j++) row[j] = (row[j] as number) + left * (b[from + j] as number);
    }
  }
  return out;
}
