// Logistic regression against scikit-learn, live: the same weights on the same features, the same accuracy as its own.
import { movieReviewsHeldout, movieReviewsTrain } from '@unrolled/dataset-movie-reviews';
import { runPython } from '@unrolled/peers';
import { expect, test } from 'vitest';
import { accuracyOf, logisticRegression } from '../src/baselines.ts';
import { fitLogisticRegression } from '../src/logistic-regression.ts';
import { ngramFeatures } from '../src/ngram-features.ts';

const script = `
import numpy
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

def fit(features, targets):
    return LogisticRegression(C=1, tol=1e-6, max_iter=1000).fit(features, targets)

def main(input):
    columns, targets = input["columns"], input["targets"]
    matrix = csr_matrix((numpy.ones(len(columns)), columns, input["offsets"]), shape=(len(targets), input["width"]))
    same = fit(matrix, targets)
    vectorizer = CountVectorizer(binary=True, ngram_range=(1, 2))
    own = fit(vectorizer.fit_transform(input["train"]), targets)
    return {
        "weights": same.coef_[0].tolist(),
        "bias": float(same.intercept_[0]),
        "accuracy": own.score(vectorizer.transform(input["heldout"]), input["answers"]),
    }
`;

test('equals scikit-learn on the movie reviews', async () => {
  const [train, heldout] = await Promise.all([movieReviewsTrain(), movieReviewsHeldout()]);
  const textOf = ({ text = '' }) => text;
  const targetOf = ({ label = '' }) => (label === 'positive' ? 1 : 0);
  const { rows } = ngramFeatures(train.map(textOf));
  const targets = train.map(targetOf);
  const theirs = await runPython<{ weights: number[]; bias: number; accuracy: number }>(
    script,
    {
      columns: [...rows.columns],
      offsets: [...rows.offsets],
      width: rows.width,
      targets,
      train: train.map(textOf),
      heldout: heldout.map(textOf),
      answers: heldout.map(targetOf),
    },
    { timeoutSeconds: 240 },
  );
  const ours = fitLogisticRegression(rows, targets);
  expect(theirs.weights.length).toBe(rows.width);
  const apart = ours.weights.map((weight, column) => Math.abs(weight - (theirs.weights[column] as number)));
  // Both stop where the gradient is below 1e-6 of the mean loss; weights reach 1.5.
  expect(apart.reduce((most, distance) => Math.max(most, distance), 0)).toBeLessThan(5e-3);
  expect(Math.abs(ours.bias - theirs.bias)).toBeLessThan(5e-3);
  expect(Math.abs(accuracyOf(logisticRegression(train), heldout) - theirs.accuracy)).toBeLessThan(0.01);
});
