// The threshold of a two-label model, tuned on the validation part.

/**
 * The threshold for which the answers are best: `accuracy`, or `f1` of the second class. Candidates lie halfway between
 * neighbouring probabilities; of equals the one nearest to 0.5 wins, so that chance decides as little as it can.
 * @param probabilities - of the second class, `[examples]`.
 * @param truth - class numbers 0 and 1, `[examples]`.
 */
export function tuneThreshold(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  measure: 'accuracy' | 'f1',
): number {
  const order = Array.from(truth, (_, index) => index).sort((a, b) => at(probabilities, b) - at(probabilities, a));
  const positives = order.reduce((sum, index) => sum + at(truth, index), 0);
  let truePositives = 0;
  let best = { threshold: 0.5, value: -1 };
  const consider = (threshold: number, answered: number): void => {
    const falsePositives = answered - truePositives;
    const right = truePositives + (order.length - positives - falsePositives);
    const value =
      measure === 'accuracy' ? right / order.length : (2 * truePositives) / Math.max(1, positives + answered);
    const nearer = Math.abs(threshold - 0.5) < Math.abs(best.threshold - 0.5);
    if (value > best.value || (value === best.value && nearer)) best = { threshold, value };
  };
  for (let answered = 0; answered <= order.length; answered += 1) {
    const above = answered === 0 ? 1 : at(probabilities, order[answered - 1] as number);
    const below = answered === order.length ? 0 : at(probabilities, order[answered] as number);
    if (above > below) {
      const holdsHalf = below < 0.5 && 0.5 <= above; // every threshold in (below, above] gives the same answers
      consider(holdsHalf ? 0.5 : (above + below) / 2, answered);
    }
    if (answered < order.length) truePositives += at(truth, order[answered] as number);
  }
  return best.threshold;
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
