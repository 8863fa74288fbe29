// How long does a network remember? The adding and the copying problem, by cell, by distance and by how far gradients travel.
import { collectExamples, type Example, type Learns, type Pipeline } from '@unrolled/core';
import {
  type ExampleContext,
  type ExampleReport,
  follow,
  limited,
  loadData,
  percent,
  type ShippedExample,
} from './example.ts';
import { registry } from './registry.ts';
import { type Spread, spreadOver, spreadText } from './spread.ts';

/** The long-memory problems of Hochreiter and Schmidhuber (1997) and of Arjovsky, Shah and Bengio (2016), over three seeds. */
export const longMemory: ShippedExample = {
  name: 'long-memory',
  summary: 'how long does a network remember? Adding and copying, vanilla and LSTM, windows short and long',
  data: ['@unrolled/dataset-long-memory'],
  run,
};

const SEEDS = 3;

/** One line of the table: a problem and a network, trained with each seed. */
export type Trial = {
  readonly problem: Problem;
  /** T of the problem. */
  readonly length: number;
  readonly cell: Cell;
  /** How many steps back gradients travel; all where left out. */
  readonly window?: number;
};

type Problem = 'adding' | 'copying';
type Cell = 'vanilla' | 'lstm';

const cells = ['vanilla', 'lstm'] as const;

/** All lines of the table. */
export const trials: readonly Trial[] = [
  ...[100, 200, 400].flatMap((length) => cells.map((cell): Trial => ({ problem: 'adding', length, cell }))),
  // The second mark stands 50 steps before the end or more, the first 90 steps or more.
  ...[25, 75, 110].map((window): Trial => ({ problem: 'adding', length: 100, cell: 'lstm', window })),
  ...cells.map((cell): Trial => ({ problem: 'copying', length: 20, cell })),
  // From a letter to its place in the answer it is 30 steps.
  ...[15, 40].map((window): Trial => ({ problem: 'copying', length: 20, cell: 'lstm', window })),
];

async function run(context: ExampleContext): Promise<ExampleReport> {
  const measures: (Trial & Measured)[] = [];
  for (const trial of trials) {
    const measured = await measureTrial(trial, context);
    measures.push({ ...trial, ...measured });
    const { right, guessed } = measured;
    context.print(`${titleOf(trial).padEnd(48)}${spreadText(right)} right (guessing: ${percent(guessed)})`);
  }
  return { name: 'long-memory', measures: { trials: measures } };
}

function titleOf({ problem, length, cell, window }: Trial): string {
  return `${problem}, T = ${length}, ${cell}, ${window === undefined ? 'all steps' : `a window of ${window}`}`;
}

/** Shares of right answers. */
export type Measured = {
  /** Over seeds. */
  readonly right: Spread;
  /** Of one answer to everything, which knows nothing of the sequence. */
  readonly guessed: number;
};

/** Trains the networks of a line and measures them. @throws UnrolledError `DATA_NOT_INSTALLED`, `RUN_STOPPED` and what training throws */
export async function measureTrial(trial: Trial, context: ExampleContext): Promise<Measured> {
  const parts = await readParts(trial, context);
  const shares: number[] = [];
  for (let run = 0; run < SEEDS; run++) {
    const seed = context.seed + run;
    shares.push(await solve[trial.problem](`${titleOf(trial)}, seed ${seed}`, trial, parts, { ...context, seed }));
  }
  return { right: spreadOver(shares), guessed: guess[trial.problem](parts) };
}

interface Parts {
  readonly train: readonly Example[];
  readonly test: readonly Example[];
}

async function readParts({ problem, length }: Trial, context: ExampleContext): Promise<Parts> {
  const { longMemoryDataset } = await loadData(
    '@unrolled/dataset-long-memory',
    () => import('@unrolled/dataset-long-memory'),
  );
  const read = async (split: 'train' | 'heldout') =>
    limited(await collectExamples(longMemoryDataset({ problem, length, split, train: 8000, heldout: 500 })), context);
  return { train: await read('train'), test: await read('heldout') };
}

/** Trains a network of a problem and gives its share of right answers. */
const solve: Readonly<
  Record<Problem, (title: string, trial: Trial, parts: Parts, context: ExampleContext) => Promise<number>>
> = {
  adding: (title, trial, parts, context) =>
    train(title, adder(trial), 5, parts, context, async (pipeline) => {
      const answers = await pipeline.predict(parts.test);
      return answers.map(({ value }, index) => isNear(value, parts.test[index] as Example));
    }),
  // Only the letters that are asked for count: the rest of the answer is blank.
  copying: (title, trial, parts, context) =>
    train(title, copier(trial), 15, parts, context, async (pipeline) => {
      const answers = await pipeline.predict(parts.test);
      return answers.flatMap(({ labels }, index) => {
        const truth = parts.test[index]?.labels ?? [];
        return truth.flatMap((label, step) => (label === 'blank' ? [] : [label === labels[step]]));
      });
    }),
};

/** What is right of always answering the same. */
const guess: Readonly<Record<Problem, (parts: Parts) => number>> = {
  // The numbers lie evenly about a half.
  adding: ({ test }) => test.filter((example) => isNear(0.5, example)).length / test.length,
  copying: ({ train, test }) => {
    const letters = (of: readonly Example[]) =>
      of.flatMap(({ labels = [] }) => labels.filter((label) => label !== 'blank'));
    const counts = new Map<string, number>();
    for (const letter of letters(train)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    const [frequent] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
    const asked = letters(test);
    return asked.filter((letter) => letter === frequent).length / asked.length;
  },
};

/** Whether a sum is right: off by less than 0.04, as in section 5.4 of Hochreiter and Schmidhuber. */
function isNear(value: number, { number }: Example): boolean {
  return Math.abs(value - (number as number)) < 0.04;
}

/** Trains a network, asks it for its answers and frees it. @param answer - whether each answer is right. */
async function train<L extends Learns>(
  title: string,
  pipeline: Pipeline<string, L>,
  ownEpochs: number,
  parts: Parts,
  context: ExampleContext,
  answer: (pipeline: Pipeline<string, L>) => Promise<readonly boolean[]>,
): Promise<number> {
  const { seed, signal, epochs = ownEpochs } = context;
  try {
    const history = await follow(
      title,
      pipeline.fit(parts.train, { epochs, seed, ...(signal && { signal }) }),
      context,
    );
    await context.trained?.({ title, pipeline, ...parts, history });
    const right = await answer(pipeline);
    return right.filter(Boolean).length / right.length;
  } finally {
    pipeline.dispose();
  }
}

/**
 * Little is let into the cell state at first and nearly all of it is kept, as in section 5.4 of Hochreiter and Schmidhuber, whose
 * input gates begin closed; else what 400 steps let in covers what two of them say.
 */
const patient = { inputBias: -5, forgetBias: 7 };

function adder({ cell, window }: Trial): Pipeline<string, 'number'> {
  return registry.pipeline({
    input: { vectorizer: { use: 'numeric' } },
    layers: [
      cell === 'lstm' ? { use: 'lstm', with: { units: 32, ...patient } } : { use: 'vanilla', with: { units: 32 } },
    ],
    task: { use: 'regression' },
    optimizer: { use: 'adam', with: { learningRate: cell === 'lstm' ? 0.01 : 0.001 }, clip: { norm: 1 } },
    trainer: trainerOf(window),
    backend: { use: 'wasm' },
  });
}

function copier({ cell, window }: Trial): Pipeline<string, 'labels'> {
  return registry.pipeline({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
    layers: [
      cell === 'lstm'
        ? { use: 'lstm', with: { units: 128, inputBias: -3, forgetBias: 4 } }
        : { use: 'vanilla', with: { units: 128 } },
    ],
    task: { use: 'many-to-many' },
    optimizer: { use: 'adam', with: { learningRate: cell === 'lstm' ? 0.005 : 0.001 }, clip: { norm: 1 } },
    trainer: trainerOf(window),
    backend: { use: 'wasm' },
  });
}

function trainerOf(window: number | undefined) {
  return window === undefined
    ? ({ use: 'bptt' } as const)
    : ({ use: 'truncated-bptt', with: { every: window, window } } as const);
}
