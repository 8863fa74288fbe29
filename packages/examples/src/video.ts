// Which digit is it, and which way does it go? Many-to-many in step over the frames of a video.
import { collectExamples, type Example, type Pipeline } from '@unrolled/core';
import type { MovingDigitsOptions } from '@unrolled/dataset-moving-digits';
import { type ExampleContext, type ExampleReport, loadData, percent, type ShippedExample } from './example.ts';
import { labelSteps, labelsOf, type StepLabels } from './label-steps.ts';
import { registry } from './registry.ts';

/** Digits that move, bounce and hide behind a bar, one and two in a video, read with and without memory. */
export const video: ShippedExample = {
  name: 'video',
  summary: 'the digit and its motion in each frame of a video, also while it is hidden (many-to-many in step)',
  data: ['@unrolled/dataset-mnist', '@unrolled/dataset-moving-digits'],
  run,
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const one = await readVideos({ label: 'both' }, context);
  const [frames, recurrent] = await labelBothWays('', one, 25, context);
  const alone = { frames: measureFrames(one.test, frames), recurrent: measureFrames(one.test, recurrent) };
  context.print(`the digit is hidden in ${percent(alone.recurrent.hidden)} of the frames`);
  context.print(`each frame alone: ${line(alone.frames)}`);
  context.print(`LSTM: ${line(alone.recurrent)}`);
  const two = await readVideos({ digits: 2, label: 'motion' }, context);
  const [framesOfTwo, recurrentOfTwo] = await labelBothWays('two digits, ', two, 12, context);
  const together = {
    frames: measureMotions(two.test, framesOfTwo),
    recurrent: measureMotions(two.test, recurrentOfTwo),
  };
  context.print(`two digits, each frame alone: ${lineOfTwo(together.frames)}`);
  context.print(`two digits, LSTM: ${lineOfTwo(together.recurrent)}`);
  return {
    name: 'video',
    measures: {
      frames: { ...alone.frames },
      recurrent: { ...alone.recurrent },
      two: { frames: { ...together.frames }, recurrent: { ...together.recurrent } },
    },
  };
}

/** Videos to learn from and those held out. */
interface Videos {
  readonly train: readonly Example[];
  readonly test: readonly Example[];
}

/** Videos that are held out are the same, however many there are to learn from. */
async function readVideos(
  options: Partial<MovingDigitsOptions>,
  { limit = Infinity }: ExampleContext,
): Promise<Videos> {
  const { mnistDataset } = await loadData('@unrolled/dataset-mnist', () => import('@unrolled/dataset-mnist'));
  const { movingDigitsDataset } = await loadData(
    '@unrolled/dataset-moving-digits',
    () => import('@unrolled/dataset-moving-digits'),
  );
  const videos = await collectExamples(
    movingDigitsDataset(mnistDataset(), { ...options, train: Math.min(limit, 3000) }),
  );
  return {
    train: videos.filter(({ split }) => split === 'train'),
    test: videos.filter(({ split }) => split !== 'train'),
  };
}

/** Labels of the frames by what sees each frame alone, and by what remembers. */
async function labelBothWays(
  title: string,
  videos: Videos,
  epochs: number,
  context: ExampleContext,
): Promise<readonly [frames: StepLabels, recurrent: StepLabels]> {
  const labels = labelsOf([...videos.train, ...videos.test]);
  const label = (own: string, second: 'lstm' | 'dense') =>
    labelSteps(`${title}${own}`, network(labels, second), { ...videos, epochs }, context);
  return [await label('each frame alone', 'dense'), await label('LSTM', 'lstm')];
}

/** Two layers and an output layer; the second remembers, or sees each frame alone as the first does. */
function network(labels: readonly string[], second: 'lstm' | 'dense'): Pipeline<string, 'labels'> {
  return registry.pipeline({
    input: { vectorizer: { use: 'numeric' } },
    target: { labels },
    layers: [
      { use: 'dense', with: { units: 128 } },
      { use: second, with: { units: 128 } },
    ],
    task: { use: 'many-to-many' },
    optimizer: { use: 'adam', with: { learningRate: 0.003 }, clip: { norm: 1 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm' },
  });
}

/** Shares of frames with the right answer. */
interface Shares {
  /** Of all: digit and motion. */
  readonly both: number;
  /** Of all: the digit. */
  readonly digit: number;
  /** Of all: the motion. */
  readonly motion: number;
  /** Of all: nothing is to be seen but the bar. */
  readonly hidden: number;
  /** Of those that show nothing but the bar: the digit. */
  readonly hiddenDigit: number;
  /** Of those that show nothing but the bar: the motion. */
  readonly hiddenMotion: number;
}

function measureFrames(test: readonly Example[], answers: StepLabels): Shares {
  const frames = test.flatMap(({ values = [], labels = [] }, video) =>
    labels.map((label, frame) => {
      const [digit, motion] = label.split(':');
      const [answeredDigit, answeredMotion] = (answers[video] as readonly string[])[frame]?.split(':') ?? [];
      return {
        digit: digit === answeredDigit,
        motion: motion === answeredMotion,
        hidden: isHidden(values[frame] as readonly number[]),
      };
    }),
  );
  type Frame = (typeof frames)[number];
  const share = (of: readonly Frame[], right: (frame: Frame) => boolean) => of.filter(right).length / of.length;
  const hidden = frames.filter((frame) => frame.hidden);
  return {
    both: share(frames, ({ digit, motion }) => digit && motion),
    digit: share(frames, ({ digit }) => digit),
    motion: share(frames, ({ motion }) => motion),
    hidden: hidden.length / frames.length,
    hiddenDigit: share(hidden, ({ digit }) => digit),
    hiddenMotion: share(hidden, ({ motion }) => motion),
  };
}

/** Whether a frame shows nothing but the bar, which is grey: no ink at all. */
function isHidden(frame: readonly number[]): boolean {
  return frame.every((pixel) => pixel === 0 || pixel === 0.5);
}

function line({ both, digit, motion, hiddenDigit, hiddenMotion }: Shares): string {
  const hidden = `while hidden, digit ${percent(hiddenDigit)}, motion ${percent(hiddenMotion)}`;
  return `digit and motion ${percent(both)} right; digit ${percent(digit)}, motion ${percent(motion)}; ${hidden}`;
}

/** Shares of the frames of two digits with the right motions. */
interface MotionShares {
  /** Of all frames: of both digits. */
  readonly both: number;
  /** Of all digits in all frames. */
  readonly each: number;
}

/** The motion of the lower digit comes first, so a network has to know the digits to say whose is whose. */
function measureMotions(test: readonly Example[], answers: StepLabels): MotionShares {
  const frames = test.flatMap(({ labels = [] }, video) =>
    labels.map((label, frame) => {
      const answered = (answers[video] as readonly string[])[frame]?.split(' ') ?? [];
      return label.split(' ').map((motion, digit) => motion === answered[digit]);
    }),
  );
  const digits = frames.flat();
  return {
    both: frames.filter((right) => right.every(Boolean)).length / frames.length,
    each: digits.filter(Boolean).length / digits.length,
  };
}

function lineOfTwo({ both, each }: MotionShares): string {
  return `motions of both ${percent(both)} right, of each ${percent(each)}`;
}
