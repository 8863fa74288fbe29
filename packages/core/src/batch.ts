// Reading a batch of sequences.
import type { Batch } from './contracts/executable.ts';
import type { Answers } from './contracts/plugins.ts';
import { UnrolledError } from './errors.ts';

/**
 * Whether any loss term of the batch counts: a weight that is not 0, of a sequence that is not empty, at a true step.
 * @throws UnrolledError `BATCH_WITHOUT_TARGETS`
 */
export function hasLoss(batch: Batch, answers: Answers): boolean {
  const { weights, lengths, size } = batch;
  if (weights === undefined || batch.targets === undefined)
    throw new UnrolledError(
      'BATCH_WITHOUT_TARGETS',
      `A batch to train on needs targets and weights, but ${batch.targets === undefined ? 'targets are' : 'weights are'} missing.`,
      { mend: 'Give both, with the division by the number of loss terms in the weights.' },
    );
  return lengths.some((length, row) => {
    if (answers === 'once') return length > 0 && weights[row] !== 0;
    for (let step = 0; step < length; step++) if (weights[step * size + row] !== 0) return true;
    return false;
  });
}
