// The factor of each label's loss.
import { UnrolledError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { describe } from '../options.ts';
import type { LabelTable } from './labels.ts';
import type { FitSettings } from './settings.ts';

/**
 * Factor of each class `[classes]`. `balanced` is `examples ÷ (classes × examples of the class)`, as scikit-learn's
 * `compute_class_weight`. Labels that a record leaves out weigh 1.
 * @param counts - training examples of each class.
 * @throws UnrolledError `LABEL_UNKNOWN`
 */
export function classWeights(
  given: FitSettings['classWeights'],
  labels: LabelTable,
  counts: readonly number[],
): Float64Array {
  const weights = new Float64Array(counts.length).fill(1);
  if (given === 'balanced') {
    const total = counts.reduce((sum, count) => sum + count, 0);
    counts.forEach((count, index) => {
      weights[index] = total / (counts.length * count);
    });
  } else {
    for (const [label, weight] of Object.entries(given ?? {})) weights[classOf(label, labels)] = weight as number;
  }
  return weights;
}

function classOf(label: string, labels: LabelTable): number {
  const index = labels.shown.indexOf(label);
  if (index >= 0) return index;
  const near = nearest(label, labels.shown);
  throw new UnrolledError('LABEL_UNKNOWN', `classWeights names the label ${describe(label)}, which is not known.`, {
    mend: near === undefined ? `Known labels are ${labels.shown.join(', ')}.` : `Did you mean ${describe(near)}?`,
  });
}
