// Scheduled sampling: in training some of the tokens that a step is fed are the network's own, so that it learns from its mistakes.
import type { Batch, Executable } from '../contracts/executable.ts';
import { drawUniform } from '../random/draws.ts';
import { answerAt } from './answers.ts';

/** Which tokens are taken from the network, and by which draws. */
export interface Sampled {
  /** Of the run. */
  readonly seed: number;
  /** Updates before this batch. */
  readonly update: number;
  /** Share of the tokens that are the network's own. */
  readonly share: number;
}

/**
 * The batch with some of its tokens (never the first of a sequence) replaced by the likeliest ones after the true tokens before
 * them: two passes in place of a loop over steps (Bengio et al. 2015, section 2.4; in parallel as Mihaylova and Martins 2019).
 */
export async function sampleInputs(
  executable: Executable,
  batch: Batch,
  { seed, update, share }: Sampled,
): Promise<Batch> {
  const key = { seed, update };
  const { targets: _targets, weights: _weights, ...unlabelled } = batch;
  const { output } = await executable.forward(unlabelled, executable.initialState(batch.size), { mode: 'train', key });
  const [, , width = 1] = output.shape;
  const { size, lengths, exampleIndex } = batch;
  const x = (batch.inputs.x as Int32Array).slice();
  lengths.forEach((length, row) => {
    const example = exampleIndex[row] as number;
    for (let step = 1; step < length; step += 1) {
      if (drawUniform({ seed, purpose: 'sample', update, example, step }, 0) >= share) continue;
      x[step * size + row] = answerAt(output.data, ((step - 1) * size + row) * width, width, 'softmax');
    }
  });
  return { ...batch, inputs: { ...batch.inputs, x } };
}

/** The share in an epoch: it grows evenly from 0 in the first to all that is asked for in the last. */
export function shareOf(asked: number, epoch: number, epochs: number): number {
  return epochs === 1 ? asked : (asked * (epoch - 1)) / (epochs - 1);
}
