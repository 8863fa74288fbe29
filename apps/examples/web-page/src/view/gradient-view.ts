// Gradient norms by lag: at the first step, now, and at some moments between, fainter.
import { sentence } from '../gradients/sentence.ts';
import type { Look } from '../gradients/watch.ts';
import { find } from './find.ts';
import { createLineChart, type Line } from './line-chart.ts';

/** Draws looks, first to last. */
export type ShowGradients = (looks: readonly Look[]) => void;

/** The chart of index.html. */
export function openGradientView(): ShowGradients {
  find('gradient-sentence').textContent = sentence.text;
  const draw = createLineChart(find<SVGSVGElement>('gradient-chart'), { x: 'lag (words back)', logarithmic: true });
  return (looks) => {
    const [first, last] = [looks[0], looks.at(-1)];
    const line = ({ norms }: Look, look: Line['look']): Line => ({
      points: norms.map((norm, lag) => [lag, norm]),
      look,
    });
    const middle = looks.slice(1, -1).filter((_, i) => isPowerOfTwo(i + 1));
    draw(
      [
        ...middle.map((each) => line(each, 'between')),
        ...(first && first !== last ? [line(first, 'first')] : []),
        ...(last ? [line(last, 'now')] : []),
      ],
      last ? `Gradient norm by lag at step ${last.update}: ${described(last.norms)}.` : 'Gradient norms: none yet.',
    );
    find('gradient-legend').replaceChildren(
      ...(last ? [entry('now', `step ${last.update}: ${described(last.norms)}`)] : []),
      ...(first && first !== last ? [entry('first', `step ${first.update}: ${described(first.norms)}`)] : []),
      ...(middle.length > 0 ? [entry('between', `steps ${middle.map(({ update }) => update).join(', ')}`)] : []),
    );
  };
}

/** The second look, the third, fifth, ninth …: most happens early. */
function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}

function described(norms: readonly number[]): string {
  const furthest = norms.length - 1;
  return `${(norms[0] ?? 0).toPrecision(2)} at lag 0, ${(norms[furthest] ?? 0).toPrecision(2)} at lag ${furthest}`;
}

function entry(look: Line['look'], text: string): HTMLLIElement {
  const item = document.createElement('li');
  item.innerHTML = `<svg viewBox="0 0 32 10" aria-hidden="true"><path class="line ${look}" d="M0 5H32" /></svg> `;
  item.append(text);
  return item;
}
