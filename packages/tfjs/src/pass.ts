// Runs a program once on TensorFlow.js: forward alone, or with gradients by TensorFlow.js's own tape.
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { NetworkDescription, RandomKey } from '@unrolled/core';
import { Emitter } from './emitter.ts';
import { type Given, leavesOf } from './leaves.ts';
import { Positions } from './positions.ts';
import type { Program } from './program.ts';
import { Recorder } from './recorder.ts';
import type { Group } from './rows.ts';
import type { Tf } from './tensorflow.ts';

/** What runs, on which sequences. */
export interface Pass {
  readonly tf: Tf;
  readonly description: NetworkDescription;
  readonly program: Program;
  readonly group: Group;
  /** Draws random masks; without it they are their expectation. */
  readonly key: RandomKey | undefined;
}

/** The program's results; the caller frees them. */
export function runForward(pass: Pass, given: Given): readonly TfTensor[] {
  const { tf } = pass;
  return tf.tidy(() => emit(pass, new Recorder(tf, false), given).map((result) => tf.keep(tf.clone(result))));
}

/** Results and gradients of a pass; the caller frees them. */
export interface Differentiated {
  readonly results: readonly TfTensor[];
  /** Of each tensor asked for, zeros where the objective does not depend on it. */
  readonly gradients: readonly TfTensor[];
}

/**
 * The program's results, and the gradients of an objective.
 * @param by - the tensors to differentiate by.
 * @param objective - from the results to a scalar.
 */
export function runGradients(
  pass: Pass,
  given: Given,
  by: readonly TfTensor[],
  objective: (results: readonly TfTensor[]) => TfTensor,
): Differentiated {
  const { tf } = pass;
  const recorder = new Recorder(tf, true);
  let results: readonly TfTensor[] = [];
  const run = (): TfTensor => {
    const emitted = emit(pass, recorder, given);
    results = emitted.map((result) => tf.keep(tf.clone(result)));
    return objective(emitted);
  };
  try {
    const gradients = tf.tidy(() => {
      const { grads } = tf.engine().gradients(run, [...by], undefined, true);
      return grads.map((gradient, i) => gradient ?? tf.zerosLike(by[i] as TfTensor));
    });
    return { results, gradients };
  } catch (error) {
    for (const result of results) result.dispose();
    freeTape(tf);
    throw error;
  } finally {
    recorder.release();
  }
}

function emit({ tf, description, program, group, key }: Pass, recorder: Recorder, given: Given): readonly TfTensor[] {
  const { lengths, time } = group.batch;
  const positions = new Positions(recorder, lengths, time);
  const emitter = new Emitter(recorder, positions, program, leavesOf(tf, description, group, key, given));
  return program.results.map(emitter.operand);
}

/** TensorFlow.js frees what its tape has saved when gradients are done, but not when one fails. */
function freeTape(tf: Tf): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
}
