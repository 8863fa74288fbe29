// One-parameter calibration: the temperature that minimises the negative log-likelihood (Guo et al. 2017, section 4.2).
import { type Link, probabilitiesOf } from './probabilities.ts';

const coldest = 1 / 1024;
const hottest = 1024;

/**
 * The temperature T > 0 for which softmax(logits ÷ T) has the least negative log-likelihood, in [1/1024, 1024]. The loss is
 * convex in β = 1/T, so its slope crosses zero once; bisection finds it to the last bit, with no start value and no step.
 * @param logits - `[examples, classes]`, or `[examples, 1]` for a sigmoid.
 * @param truth - class numbers `[examples]`.
 */
export function fitTemperature(
  logits: ArrayLike<number>,
  truth: ArrayLike<number>,
  classes: number,
  link: Link,
): number {
  let low = 1 / hottest;
  let high = 1 / coldest;
  if (slope(logits, truth, classes, link, low) >= 0) return hottest;
  if (slope(logits, truth, classes, link, high) <= 0) return coldest;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return 1 / middle;
    if (slope(logits, truth, classes, link, middle) < 0) low = middle;
    else high = middle;
  }
}

/** d NLL / dβ: the sum over examples of the expected logit minus the true class's logit. */
function slope(logits: ArrayLike<number>, truth: ArrayLike<number>, classes: number, link: Link, beta: number): number {
  const probabilities = probabilitiesOf(logits, classes, link, 1 / beta);
  const width = link === 'softmax' ? classes : 1;
  let sum = 0;
  for (let row = 0; row < truth.length; row += 1) {
    const logit = (index: number): number =>
      link === 'softmax' ? (logits[row * width + index] as number) : index === 1 ? (logits[row] as number) : 0;
    for (let index = 0; index < classes; index += 1)
      sum += (probabilities[row * classes + index] as number) * (logit(index) - logit(truth[row] as number));
  }
  return sum;
}
