// Videos of digits that move, bounce and hide, as a data set.
import {
  bindDataset,
  choice,
  type Dataset,
  defineDataset,
  defineOptions,
  drawIntegers,
  type Example,
  flag,
  integer,
} from '@unrolled/core';
import { drawPath } from './path.ts';
import { type Digit, type Digits, readDigits, side } from './pictures.ts';
import { drawFrame, frameSize, type Labelling, labelFrame, type Mover } from './video.ts';

/** Options of the moving digits. */
export interface MovingDigitsOptions {
  /** Digits in a video: 1, or 2 different ones. */
  readonly digits: number;
  /** Frames of a video. */
  readonly frames: number;
  /** What the label of a frame says: how each digit has moved since the frame before, which it is, or both (`3:up-left`). */
  readonly label: Labelling;
  /** Whether an upright grey bar stands before the middle, behind which digits vanish for some frames. */
  readonly occluded: boolean;
  /** Videos to learn from. */
  readonly train: number;
  /** Videos to be tested on, of other pictures than those to learn from. */
  readonly heldout: number;
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'heldout';
  /** Another seed gives other videos. */
  readonly seed: number;
}

const options = /* @__PURE__ */ defineOptions<MovingDigitsOptions>({
  digits: /* @__PURE__ */ integer(1, 'Digits in a video: 1, or 2 different ones.', { minimum: 1, maximum: 2 }),
  frames: /* @__PURE__ */ integer(20, 'Frames of a video.', { minimum: 1, maximum: 10_000 }),
  label: /* @__PURE__ */ choice('both', ['motion', 'digit', 'both'], 'What the label of a frame says.'),
  occluded: /* @__PURE__ */ flag(true, 'Whether a bar stands before the middle, behind which digits vanish.'),
  train: /* @__PURE__ */ integer(1000, 'Videos to learn from.', { minimum: 0, maximum: 0x7fffffff }),
  heldout: /* @__PURE__ */ integer(200, 'Videos to be tested on.', { minimum: 0, maximum: 0x7fffffff }),
  split: /* @__PURE__ */ choice('all', ['all', 'train', 'heldout'], 'Which part to read.'),
  seed: /* @__PURE__ */ integer(1, 'Another seed gives other videos.', {
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
});
const splits = ['train', 'heldout'] as const;
const room = { x: frameSize.width - side, y: frameSize.height - side };

/**
 * Videos of one or two digits that move in a frame of 28 × 20 pixels, turn at its edges and vanish behind a bar: `values`
 * `[frames, 560]` from 0 to 1, rows of a frame from the top, one after the other, with a label for each frame in `labels`. They are
 * made as they are read, the same for the same pictures and options in every engine. After Srivastava, Mansimov and
 * Salakhutdinov 2015, section 3.1.
 * @param pictures - of digits, 28 × 28 pixels, those to learn from in the split `train`: `mnistDataset()` of
 * `@unrolled/dataset-mnist`. Read once, with the first video; an error of theirs, and `DATA_INVALID` for pictures that are none of
 * digits, come then.
 */
export function movingDigits(pictures: AsyncIterable<Example>): Dataset<'moving-digits', MovingDigitsOptions> {
  let reading: Promise<Digits> | undefined;
  const readOnce = async (): Promise<Digits> => {
    reading ??= readDigits(pictures);
    try {
      return await reading;
    } catch (error) {
      reading = undefined; // so that a file that was missing is looked for again
      throw error;
    }
  };
  return defineDataset({
    name: 'moving-digits',
    package: '@unrolled/dataset-moving-digits',
    licence: 'That of the pictures: CC BY-SA 3.0, LeCun and Cortes, for those of @unrolled/dataset-mnist',
    options,
    examples: async function* (given): AsyncIterable<Example> {
      const digits = await readOnce();
      for (const [update, split] of splits.entries()) {
        if (given.split !== 'all' && given.split !== split) continue;
        for (let index = 0; index < given[split]; index++) {
          const below = drawIntegers({ seed: given.seed, purpose: 'sample', update, example: index });
          const video = drawVideo(digits[split], given, below);
          yield { ...video, split, origin: `moving-digits:${split} ${index + 1}` };
        }
      }
    },
  });
}

/**
 * The videos with the options bound, for use without a registry; made anew each time they are iterated.
 * @param pictures - see {@link movingDigits}.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATA_INVALID`, and what the pictures throw
 */
export function movingDigitsDataset(
  pictures: AsyncIterable<Example>,
  options: Partial<MovingDigitsOptions> = {},
): AsyncIterable<Example> {
  return bindDataset(movingDigits(pictures), options);
}

function drawVideo(
  pictures: readonly Digit[],
  { digits, frames, label, occluded }: MovingDigitsOptions,
  below: (bound: number) => number,
): Pick<Example, 'values' | 'labels'> {
  const movers = drawDigits(pictures, digits, below).map(
    (digit): Mover => ({ digit, path: drawPath(frames, room, below) }),
  );
  const each = <T>(make: (frame: number) => T): T[] => Array.from({ length: frames }, (_, frame) => make(frame));
  return {
    values: each((frame) => drawFrame(movers, frame, occluded)),
    labels: each((frame) => labelFrame(movers, frame, label)),
  };
}

/** One picture, or two of different digits, the lower digit first. */
function drawDigits(pictures: readonly Digit[], count: number, below: (bound: number) => number): readonly Digit[] {
  const first = pictures[below(pictures.length)] as Digit;
  if (count === 1) return [first];
  const others = pictures.filter(({ label }) => label !== first.label);
  const second = others[below(others.length)] as Digit;
  return first.label < second.label ? [first, second] : [second, first];
}
