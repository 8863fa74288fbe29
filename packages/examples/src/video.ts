// Which digit is it, and which way does it go? Many-to-many in step over the frames of a video.
import { collectExamples, type Example, type Pipeline } from '@unrolled/core';
import { type ExampleContext, type ExampleReport, loadData, percent, type ShippedExample } from './example.ts';
import { labelSteps, labelsOf, type StepLabels } from './label-steps.ts';
import { registry } from './registry.ts';

/** Digits that move, bounce and hide behind a bar, read with and without memory. */
export const video: ShippedExample = {
  name: 'video',
  summary: 'the digit and its motion in each frame of a video, also while it is hidden (many-to-many in step)',
  data: ['@unrolled/dataset-mnist', '@unrolled/dataset-moving-digits'],
  run,
};

async function run(context: ExampleContext): Promise<ExampleReport> {
  const videos = await readVideos(context);
  const train = videos.filter(({ split }) => split === 'train');
  const test = videos.filter(({ split }) => split !== 'train');
  const labels = labelsOf(videos);
  const measure = async (title: string, second: 'lstm' | 'dense'): Promise<Shares> =>
    measureFrames(test, await labelSteps(title, network(labels, second), { train, test, epochs: 25 }, context));
  const frames = await measure('each frame alone', 'dense');
  const recurrent = await measure('LSTM', 'lstm');
  context.print(`the digit is hidden in ${percent(recurrent.hidden)} of the frames`);
  context.print(`each frame alone: ${line(frames)}`);
  context.print(`LSTM: ${line(recurrent)}`);
  return { name: 'video', measures: { frames: { ...frames }, recurrent: { ...recurrent } } };
}

/** Videos that are held out are the same, however many there are to learn from. */
async function readVideos({ limit = Infinity }: ExampleContext): Promise<readonly Example[]> {
  const { mnistDataset } = await loadData('@unrolled/dataset-mnist', () => import('@unrolled/dataset-mnist'));
  const { movingDigitsDataset } = await loadData(
    '@unrolled/dataset-moving-digits',
    () => import('@unrolled/dataset-moving-digits'),
  );
  return collectExamples(movingDigitsDataset(mnistDataset(), { train: Math.min(limit, 3000) }));
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
