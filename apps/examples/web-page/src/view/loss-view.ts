// The loss of every step so far, drawn at most once a frame.
import type { StepNumbers } from '../training/numbers.ts';
import { atFrame } from './at-frame.ts';
import { find } from './find.ts';
import { createLineChart } from './line-chart.ts';

/** Draws the steps as they are at the next frame. */
export type ShowLoss = (steps: readonly StepNumbers[]) => void;

/** The chart of index.html. */
export function openLossView(): ShowLoss {
  const draw = createLineChart(find<SVGSVGElement>('loss-chart'), { x: 'step', logarithmic: false });
  return atFrame((steps) => {
    const [first, last] = [steps[0], steps.at(-1)];
    const says =
      first && last
        ? `Loss by step: ${first.loss.toFixed(3)} at step ${first.update}, ${last.loss.toFixed(3)} at step ${last.update}.`
        : 'Loss by step: none yet.';
    draw([{ points: steps.map(({ update, loss }) => [update, loss]), look: 'now' }], says);
  });
}
