// How long does a network remember? The adding and the copying problem, by cell, by distance and by how far gradients travel.
import { collectExamples, type Example, type Learns, type Pipeline } from '@unrolled/core';
import { type ExampleContext, type ExampleReport, follow, limited, loadData, type ShippedExample } from './example.ts';
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
type Trial = {
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

const trials: readonly Trial[] = [
  ...[100, 200, 400].flatMap((length) => cells.map((cell): Trial => ({ problem: 'adding', length, cell }))),
  // The second mark stands 50 steps before the end or more, the first 90 steps or more.
  ...[25, 75, 110].map((window): Trial => ({ problem: 'adding', length: 100, cell: 'lstm', window })),
  ...cells.map((cell): Trial => ({ problem: 'copying', length: 20, cell })),
  // From a letter to its place in the answer it is 30 steps.
  ...[15, 40].map((window): Trial => ({ problem: 'copying', length: 20, cell: 'lstm', window })),
];

async function run(context: ExampleContext): Promise<ExampleReport> {
  const measures: (Trial & { readonly right: Spread })[] = [];
  for (const trial of trials) {
    const right = await measureTrial(trial, context);
    measures.push({ ...trial, right });
    context.print(`${titleOf(trial).padEnd(56)}${spreadText(right)} right`);
  }
  return { name: 'long-memory', measures: { trials: measures } };
}

function titleOf({ problem, length, cell, window }: Trial): string {
  return `${problem}, T = ${length}, ${cell}, ${window === undefined ? 'all steps' : `a window of ${window}`}`;
}

/** Share of right answers over seeds. */
async function measureTrial(trial: Trial, context: ExampleContext): Promise<Spread> {
  const parts = await readParts(trial, context);
  const shares: number[] = [];
  for (let run = 0; run < SEEDS; run++) {
    const seed = context.seed + run;
    shares.push(await solve[trial.problem](`${titleOf(trial)}, seed ${seed}`, trial, parts, { ...context, seed }));
  }
  return spreadOver(shares);
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
  // A sum is right, as in section 5.4 of Hochreiter and Schmidhuber, where it is off by less than 0.04.
  adding: (title, trial, parts, context) =>
    train(title, adder(trial), 5, parts, context, async (pipeline) => {
      const answers = await pipeline.predict(parts.test);
      return answers.map(({ value }, index) => Math.abs(value - (parts.test[index]?.number as number)) < 0.04);
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
