// How far probabilities can be taken at their word: expected calibration error, negative log-likelihood, Brier score.
import { log } from '../../maths/logarithm.ts';
import type { Calibration, CalibrationBin } from './evaluation.ts';

const bins = 15;
/** As scikit-learn's log_loss: a probability of 0 counts as the smallest step of float64. */
const smallest = Number.EPSILON;

/** Measures of probabilities `[examples, classes]` against true class numbers `[examples]`. */
export function calibrationOf(probabilities: Float64Array, truth: ArrayLike<number>, classes: number): Calibration {
  const byBin = confidenceBins(probabilities, truth, classes);
  const expectedError = byBin.reduce((sum, bin) => sum + bin.count * Math.abs(bin.confidence - bin.accuracy), 0);
  return {
    expectedError: truth.length === 0 ? 0 : expectedError / truth.length,
    negativeLogLikelihood: negativeLogLikelihood(probabilities, truth, classes),
    brier: brierScore(probabilities, truth, classes),
    bins: byBin,
  };
}

/** Mean −ln p of the true class, in nats. */
export function negativeLogLikelihood(probabilities: Float64Array, truth: ArrayLike<number>, classes: number): number {
  let sum = 0;
  for (let row = 0; row < truth.length; row += 1) {
    const probability = probabilities[row * classes + (truth[row] as number)] as number;
    sum -= log(Math.min(Math.max(probability, smallest), 1 - smallest));
  }
  return truth.length === 0 ? 0 : sum / truth.length;
}

/** Mean squared distance to the true class's indicator; halved for two classes, as scikit-learn does (Brier 1950). */
function brierScore(probabilities: Float64Array, truth: ArrayLike<number>, classes: number): number {
  let sum = 0;
  for (let row = 0; row < truth.length; row += 1)
    for (let index = 0; index < classes; index += 1) {
      const distance = (probabilities[row * classes + index] as number) - (truth[row] === index ? 1 : 0);
      sum += distance * distance;
    }
  if (truth.length === 0) return 0;
  return sum / truth.length / (classes === 2 ? 2 : 1);
}

function confidenceBins(probabilities: Float64Array, truth: ArrayLike<number>, classes: number): CalibrationBin[] {
  const counts = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (let row = 0; row < truth.length; row += 1) {
    let best = 0;
    for (let index = 1; index < classes; index += 1)
      if (at(probabilities, row * classes + index) > at(probabilities, row * classes + best)) best = index;
    const confidence = at(probabilities, row * classes + best);
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    counts[bin] = at(counts, bin) + 1;
    confidences[bin] = at(confidences, bin) + confidence;
    right[bin] = at(right, bin) + (truth[row] === best ? 1 : 0);
  }
  return Array.from({ length: bins }, (_, bin) => {
    const count = at(counts, bin);
    const mean = (total: number) => (count === 0 ? 0 : total / count);
    return {
      from: bin / bins,
      to: (bin + 1) / bins,
      count,
      confidence: mean(at(confidences, bin)),
      accuracy: mean(at(right, bin)),
    };
  });
}

function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
