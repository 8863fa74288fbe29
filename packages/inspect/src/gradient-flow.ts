// How much of the loss's gradient reaches each earlier hidden state.
import type { Batch, State } from '@unrolled/core';
import { UnrolledError } from '@unrolled/core';
import { addGradients, buildNetwork, checkBatch, Interpreter, sizeOf } from '@unrolled/equations';
import { environmentOf, oneSequence, zeroState } from './environment.ts';
import type { Subject } from './subject.ts';

/** Gradients of one sequence's loss by every state at every step. */
export interface GradientFlow {
  /** The loss. */
  readonly loss: number;
  /** Number of steps. */
  readonly steps: number;
  /** By state (`layers.0.h`): the gradients ∂L/∂h[k], `[steps, units]`, and their L2 norms `[steps]`. */
  readonly states: Readonly<Record<string, { readonly gradients: Float64Array; readonly norms: Float64Array }>>;
}

/**
 * ∂L/∂h[k] for every step k of one sequence, in float64 and without dropout: the total derivative, every path from step k
 * on counted, a pooled output's included. Norms that shrink with the lag `steps − 1 − k` are the vanishing gradient of Bengio,
 * Simard and Frasconi (1994); Pascanu, Mikolov and Bengio (2013), equations 3 to 5.
 *
 * @param batch - one sequence with its target and a weight.
 * @throws UnrolledError `BATCH_INVALID`, `BATCH_WITHOUT_TARGETS`, `PARAMETER_UNKNOWN`
 */
export function gradientFlow(subject: Subject, batch: Batch): GradientFlow {
  oneSequence(batch);
  checkBatch(batch, subject.network);
  const network = buildNetwork(subject.network);
  if (network.loss === undefined || !batch.targets || !batch.weights)
    throw new UnrolledError(
      'BATCH_WITHOUT_TARGETS',
      'A gradient flow needs a loss: a network with one, a target and a weight.',
      {
        mend: 'Give the label, or the number: await anatomy.batch(text, label).',
      },
    );
  const { carries } = addGradients(network, { output: false, finals: false });
  const interpreter = new Interpreter(network.builder, [network.loss, ...carries.values()]);
  const state: State = zeroState(network.states, 1);
  interpreter.run(environmentOf(subject, batch, state));
  const steps = batch.lengths[0] as number;
  const states = Object.fromEntries(
    [...carries].map(([name, id]) => {
      const size = sizeOf(network.builder.shape(id));
      const gradients = interpreter.read(id).data.slice(0, steps * size);
      return [name, { gradients, norms: normsOf(gradients, steps, size) }];
    }),
  );
  return { loss: interpreter.read(network.loss).data[0] as number, steps, states };
}

/** Norm of the gradient at some lag before the last step (0 is the last step itself); undefined beyond the first step. */
export function normAtLag(flow: GradientFlow, state: string, lag: number): number | undefined {
  const found = flow.states[state];
  if (!found)
    throw new UnrolledError(
      'STATE_UNKNOWN',
      `There is no state "${state}"; there are ${Object.keys(flow.states).join(', ')}.`,
      { mend: 'Name one of those.' },
    );
  return found.norms[flow.steps - 1 - lag];
}

function normsOf(gradients: Float64Array, steps: number, size: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    let sum = 0;
    for (const value of gradients.subarray(step * size, (step + 1) * size)) sum += value * value;
    return Math.sqrt(sum);
  });
}
