// Draws frames and says what is to be said of each.
import type { Place } from './path.ts';
import { type Digit, side } from './pictures.ts';

/** Columns and rows of a frame. */
export const frameSize = { width: 28, height: 20 } as const;
/** Columns of the bar: 12 of 28, so that a digit is hidden wholly in the middle and hardly at the edges. */
const bar = { from: 8, to: 20, grey: 0.5 } as const;

/** A digit on its way. */
export interface Mover {
  /** What moves. */
  readonly digit: Digit;
  /** Where it is at each frame. */
  readonly path: readonly Place[];
}

/** A frame, rows from the top, one after the other: the movers, then the bar before them. */
export function drawFrame(movers: readonly Mover[], frame: number, occluded: boolean): number[] {
  const { width, height } = frameSize;
  const pixels = new Array<number>(width * height).fill(0);
  for (const { digit, path } of movers) {
    const { x, y } = path[frame] as Place;
    digit.pixels.forEach((ink, at) => {
      const target = (y + Math.floor(at / side)) * width + x + (at % side);
      pixels[target] = Math.max(pixels[target] as number, ink);
    });
  }
  if (occluded)
    for (let row = 0; row < height; row++) pixels.fill(bar.grey, row * width + bar.from, row * width + bar.to);
  return pixels;
}

/** What is said of a frame. */
export type Labelling = 'motion' | 'digit' | 'both';

/** What a frame shows, a word for each mover, in the order of their digits. */
export function labelFrame(movers: readonly Mover[], frame: number, labelling: Labelling): string {
  return movers.map(({ digit, path }) => wordOf(digit, path[frame] as Place, labelling)).join(' ');
}

function wordOf({ label }: Digit, { right, down }: Place, labelling: Labelling): string {
  if (labelling === 'digit') return label;
  const motion = right === 0 ? 'start' : `${down < 0 ? 'up' : 'down'}-${right < 0 ? 'left' : 'right'}`;
  return labelling === 'motion' ? motion : `${label}:${motion}`;
}
