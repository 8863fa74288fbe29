// From logits to probabilities in float64, and from probabilities to an answer.
import { sigmoid } from '../maths/activations.ts';
import { exp } from '../maths/exponential.ts';

/** How a loss reads logits: as probabilities, or, where numbers are learned, as they are. */
export type Link = 'softmax' | 'sigmoid' | 'identity';

/**
 * Probabilities `[rows, classes]` of logits `[rows, classes]` (softmax) or `[rows, 1]` (sigmoid of the second of two classes),
 * divided by `temperature` first.
 */
export function probabilitiesOf(
  logits: ArrayLike<number>,
  classes: number,
  link: Link,
  temperature: number,
): Float64Array {
  if (link === 'softmax') return softmaxRows(logits, classes, temperature);
  const result = new Float64Array(logits.length * 2);
  for (let row = 0; row < logits.length; row += 1) {
    const scaled = (logits[row] as number) / temperature;
    result[2 * row] = sigmoid(-scaled);
    result[2 * row + 1] = sigmoid(scaled);
  }
  return result;
}

function softmaxRows(logits: ArrayLike<number>, classes: number, temperature: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let highest = -Infinity;
    for (let index = start; index < start + classes; index += 1) highest = Math.max(highest, logits[index] as number);
    let total = 0;
    for (let index = start; index < start + classes; index += 1) {
      const power = exp(((logits[index] as number) - highest) / temperature);
      result[index] = power;
      total += power;
    }
    for (let index = start; index < start + classes; index += 1) result[index] = (result[index] as number) / total;
  }
  return result;
}

/**
 * The class of each row of probabilities `[rows, classes]`: the likeliest (of equals the first), or, with a threshold, the
 * second of two where its probability is at least the threshold.
 */
export function answersOf(probabilities: Float64Array, classes: number, threshold: number | undefined): Int32Array {
  const answers = new Int32Array(probabilities.length / classes);
  for (let row = 0; row < answers.length; row += 1) {
    if (threshold === undefined) answers[row] = likeliest(probabilities, row * classes, classes);
    else answers[row] = (probabilities[2 * row + 1] as number) >= threshold ? 1 : 0;
  }
  return answers;
}

function likeliest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index += 1)
    if ((values[start + index] as number) > (values[start + best] as number)) best = index;
  return best;
}
