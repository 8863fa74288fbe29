// What a recurrent network has to beat: the majority's label, and logistic regression on which word 1–2-grams occur.
import { compareCodePoints, type Example, UnrolledError } from '@unrolled/core';
import { fitLogisticRegression, logOdds } from './logistic-regression.ts';
import { ngramFeatures } from './ngram-features.ts';

/** A fitted baseline. */
export interface Baseline {
  /** For a table. */
  readonly name: string;
  /** The label that it gives a text. */
  readonly predict: (text: string) => string;
}

/** Always answers the label that is the most frequent in `train`; of equally frequent ones the first in code-point order. */
export function majority(train: readonly Example[]): Baseline {
  const counts = new Map<string, number>();
  for (const { label } of labelled(train)) counts.set(label, (counts.get(label) ?? 0) + 1);
  let best = '';
  for (const label of [...counts.keys()].sort(compareCodePoints))
    if ((counts.get(label) as number) > (counts.get(best) ?? 0)) best = label;
  return { name: 'majority', predict: () => best };
}

/**
 * Logistic regression on binary features, one for each word 1- and 2-gram of `train`; L2 penalty, C = 1, as scikit-learn's
 * `CountVectorizer(binary=True, ngram_range=(1, 2))` with `LogisticRegression()`, but over our words.
 * @throws UnrolledError `LABELS_NOT_TWO`, `EXAMPLE_INVALID`
 */
export function logisticRegression(train: readonly Example[]): Baseline {
  const examples = labelled(train);
  const labels = [...new Set(examples.map(({ label }) => label))].sort(compareCodePoints);
  if (labels.length !== 2)
    throw new UnrolledError(
      'LABELS_NOT_TWO',
      `Logistic regression tells two labels apart; here are ${labels.length}.`,
      {
        mend: 'Give examples of two labels.',
      },
    );
  const { rows, columnsOf } = ngramFeatures(examples.map(({ text }) => text));
  const model = fitLogisticRegression(
    rows,
    examples.map(({ label }) => labels.indexOf(label)),
  );
  return {
    name: 'logistic regression on word 1–2-grams',
    predict: (text) => labels[logOdds(model, columnsOf(text)) > 0 ? 1 : 0] as string,
  };
}

/** Share of `examples` that get their own label. */
export function accuracyOf({ predict }: Baseline, examples: readonly Example[]): number {
  const all = labelled(examples);
  return all.filter(({ text, label }) => predict(text) === label).length / all.length;
}

function labelled(examples: readonly Example[]): readonly { readonly text: string; readonly label: string }[] {
  return examples.map(({ text, label, origin }) => {
    if (text === undefined || label === undefined)
      throw new UnrolledError(
        'EXAMPLE_INVALID',
        `${origin ?? 'An example'} has no ${label === undefined ? 'label' : 'text'}.`,
      );
    return { text, label };
  });
}
