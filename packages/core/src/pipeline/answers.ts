// The answers that logits mean, one by one, beside the truth: what accuracy and confusion are counted of.
import type { Tensor } from '../contracts/executable.ts';
import type { EncodedPart } from './part.ts';
import type { Link } from './probabilities.ts';

/** How an output is read: as logits, or as the number of the class itself. */
export type Reading = Link | 'class';

/** Logits of some sequences of a part, or the classes that they mean. */
export interface PartOutput {
  /** Which. */
  readonly positions: Int32Array;
  /** `[batch, size]`, or `[time, batch, size]` from step `from` on; `size` is 1 for classes. */
  readonly output: Tensor;
  /** First step of `output`; 0 where left out. */
  readonly from?: number;
}

/** Calls `visit` with each true class, the class answered, and where the logits of the answer begin. */
export function eachAnswer(
  part: EncodedPart,
  { positions, output: { shape, data }, from = 0 }: PartOutput,
  link: Reading,
  visit: (truth: number, answer: number, at: number) => void,
): void {
  const width = shape[shape.length - 1] as number;
  const perStep = shape.length === 3;
  positions.forEach((position, row) => {
    const targets = part.targets[position] as Int32Array;
    const steps = perStep ? Math.min(shape[0] as number, targets.length - from) : 1;
    for (let step = 0; step < steps; step += 1) {
      const at = ((perStep ? step * positions.length : 0) + row) * width;
      visit(targets[(perStep ? from : 0) + step] as number, answerAt(data, at, width, link), at);
    }
  });
}

/** The likeliest class (of equals the first) by the logits at a place. */
export function answerAt(logits: ArrayLike<number>, at: number, width: number, link: Reading): number {
  if (link === 'class') return logits[at] as number;
  if (link === 'sigmoid') return (logits[at] as number) > 0 ? 1 : 0;
  let best = 0;
  let most = logits[at] as number;
  for (let index = 1; index < width; index += 1) {
    const next = logits[at + index] as number;
    if (next > most) [best, most] = [index, next];
  }
  return best;
}

/** Right answers and all answers. */
export function countRight(part: EncodedPart, output: PartOutput, link: Reading): { right: number; answered: number } {
  const count = { right: 0, answered: 0 };
  eachAnswer(part, output, link, (truth, answer) => {
    count.answered += 1;
    if (truth === answer) count.right += 1;
  });
  return count;
}
