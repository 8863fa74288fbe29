// Manifests whose pieces don't fit, one for each sentence at least; the types and the registry must say the same of them.

/** A manifest whose pieces fit, as plain data. */
export const fitting = {
  input: { tokenizer: { use: 'words', with: { lowercase: true } }, vectorizer: { use: 'one-hot' } },
  target: { labels: ['negative', 'positive'] },
  layers: [{ use: 'vanilla', with: { units: 8 }, direction: 'both', dropout: { input: 0.5 } }],
  task: { use: 'many-to-one' },
  loss: { use: 'categorical-cross-entropy' },
  optimizer: { use: 'sgd', with: { learningRate: 0.1 }, clip: { norm: 1 } },
  trainer: { use: 'bptt' },
  backend: { use: 'exact', precision: 'float64' },
};

/** One of a task that generates a sequence. */
export const generating = {
  ...without(fitting, 'layers'),
  target: { tokenizer: { use: 'words' }, vectorizer: { use: 'one-hot' } },
  encoder: { layers: [{ use: 'vanilla', with: { units: 8 }, direction: 'both' }] },
  decoder: { layers: [{ use: 'vanilla', with: { units: 8 } }] },
  attention: { use: 'dot' },
  task: { use: 'translation' },
};

/** One misfit or more. */
export interface MisfitCase {
  /** What the case is about. */
  readonly title: string;
  /** The manifest as plain data. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Place and sentence of every misfit. */
  readonly misfits: readonly (readonly [path: string, sentence: string])[];
}

const words = { use: 'words' };

/** Each differs from {@link fitting} in what it shows. */
export const misfitCases: readonly MisfitCase[] = [
  {
    title: 'a bag feeds a recurrent cell',
    manifest: { ...fitting, input: { tokenizer: words, vectorizer: { use: 'bag-of-words' } } },
    misfits: [['layers[0].use', '✗ cell "vanilla" accepts steps, but vectorizer "bag-of-words" emits a bag']],
  },
  {
    title: 'a vectorizer of tokens has no tokenizer',
    manifest: { ...fitting, input: { vectorizer: { use: 'one-hot' } } },
    misfits: [['input.vectorizer.use', '✗ vectorizer "one-hot" reads tokens, but input names no tokenizer']],
  },
  {
    title: 'a vectorizer of numbers has a tokenizer',
    manifest: { ...fitting, input: { tokenizer: words, vectorizer: { use: 'numeric' } } },
    misfits: [['input.tokenizer.use', '✗ tokenizer "words" gives tokens, but vectorizer "numeric" reads numbers']],
  },
  {
    title: 'a two-way layer is trained on windows',
    manifest: { ...fitting, trainer: { use: 'truncated-bptt' } },
    misfits: [
      [
        'layers[0].direction',
        '✗ direction "both" needs the whole sequence, but trainer "truncated-bptt" sees a window of it',
      ],
    ],
  },
  {
    title: 'the second layer runs backward over windows',
    manifest: {
      ...fitting,
      layers: [{ use: 'vanilla' }, { use: 'leaky', direction: 'backward' }],
      trainer: { use: 'truncated-bptt', with: { every: 5 } },
    },
    misfits: [
      [
        'layers[1].direction',
        '✗ direction "backward" needs the whole sequence, but trainer "truncated-bptt" sees a window of it',
      ],
    ],
  },
  {
    title: 'one label only',
    manifest: { ...fitting, target: { labels: ['positive'] } },
    misfits: [['target.labels', '✗ target.labels names fewer than two labels, so there is nothing to tell apart']],
  },
  {
    title: 'no label at all',
    manifest: { ...fitting, target: { labels: [] } },
    misfits: [['target.labels', '✗ target.labels names fewer than two labels, so there is nothing to tell apart']],
  },
  {
    title: 'a loss over numbers compares with labels',
    manifest: { ...fitting, loss: { use: 'squared-error' } },
    misfits: [['loss.use', '✗ loss "squared-error" compares with numbers, but the targets are labels']],
  },
  {
    title: 'a loss over labels compares with the numbers that a task learns',
    manifest: { ...without(fitting, 'target'), task: { use: 'amount' } },
    misfits: [
      ['loss.use', '✗ loss "categorical-cross-entropy" compares with labels, but task "amount" learns a number'],
    ],
  },
  {
    title: 'labels for a task that learns a number, and a loss of yes and no',
    manifest: { ...fitting, task: { use: 'amount' }, loss: { use: 'binary-cross-entropy' } },
    misfits: [
      ['target.labels', '✗ task "amount" learns no labels, so it has no use for target.labels'],
      ['loss.use', '✗ loss "binary-cross-entropy" compares with labels, but task "amount" learns a number'],
    ],
  },
  {
    title: 'labels for a task that predicts the next token',
    manifest: { ...fitting, layers: [{ use: 'vanilla' }], task: { use: 'next-word' } },
    misfits: [['target.labels', '✗ task "next-word" learns no labels, so it has no use for target.labels']],
  },
  {
    title: 'a loss of yes and no compares with three labels',
    manifest: { ...fitting, loss: { use: 'binary-cross-entropy' }, target: { labels: ['bad', 'fair', 'good'] } },
    misfits: [['loss.use', '✗ loss "binary-cross-entropy" tells two labels apart, but the target names 3']],
  },
  {
    title: 'the backend lacks the precision',
    manifest: { ...fitting, backend: { use: 'single', precision: 'float64' } },
    misfits: [['backend.precision', '✗ backend "single" computes in float32, not in float64']],
  },
  {
    title: 'a generated target for a task that generates nothing',
    manifest: { ...fitting, target: { tokenizer: words, vectorizer: { use: 'one-hot' } } },
    misfits: [
      ['target.tokenizer', '✗ task "many-to-one" generates no sequence, so it has no use for target.tokenizer'],
      ['target.vectorizer', '✗ task "many-to-one" generates no sequence, so it has no use for target.vectorizer'],
    ],
  },
  {
    title: 'an encoder and a decoder that attends for a task that generates nothing',
    manifest: {
      ...fitting,
      encoder: { layers: [{ use: 'vanilla' }] },
      decoder: { layers: [{ use: 'vanilla' }] },
      attention: { use: 'dot' },
    },
    misfits: [
      ['encoder', '✗ task "many-to-one" generates no sequence, so it has no use for an encoder'],
      ['decoder', '✗ task "many-to-one" generates no sequence, so it has no use for a decoder'],
      ['attention', '✗ task "many-to-one" generates no sequence, so it has no use for attention'],
    ],
  },
  {
    title: 'a decoder that runs both ways, and layers beside it',
    manifest: { ...generating, decoder: { layers: [{ use: 'vanilla', direction: 'both' }] }, layers: fitting.layers },
    misfits: [
      ['decoder.layers[0].direction', '✗ a decoder generates step by step, so its layers run forward, not "both"'],
      ['layers', '✗ task "translation" generates a sequence, so its layers stand in encoder and decoder'],
    ],
  },
  {
    title: 'a two-way layer for a task that predicts the next token, on windows too',
    manifest: {
      ...without(fitting, 'target'),
      layers: [{ use: 'vanilla' }, { use: 'vanilla', direction: 'both' }],
      task: { use: 'next-word' },
      trainer: { use: 'truncated-bptt' },
    },
    misfits: [
      ['layers[1].direction', '✗ direction "both" reads what comes next, which task "next-word" is to predict'],
    ],
  },
  {
    title: 'a task that generates a sequence without an encoder',
    manifest: without(generating, 'encoder'),
    misfits: [['task.use', '✗ task "translation" generates a sequence, so the manifest needs an encoder']],
  },
  {
    title: 'no layers',
    manifest: without(fitting, 'layers'),
    misfits: [['task.use', '✗ task "many-to-one" needs layers, but the manifest has none']],
  },
  {
    title: 'a bag without layers feeds a task that reads steps',
    manifest: { ...fitting, input: { tokenizer: words, vectorizer: { use: 'bag-of-words' } }, layers: [] },
    misfits: [['task.use', '✗ task "many-to-one" accepts steps, but it is fed a bag']],
  },
  {
    title: 'several misfits at once',
    manifest: {
      ...fitting,
      input: { tokenizer: words, vectorizer: { use: 'bag-of-words' } },
      trainer: { use: 'truncated-bptt' },
      loss: { use: 'squared-error' },
    },
    misfits: [
      ['layers[0].use', '✗ cell "vanilla" accepts steps, but vectorizer "bag-of-words" emits a bag'],
      [
        'layers[0].direction',
        '✗ direction "both" needs the whole sequence, but trainer "truncated-bptt" sees a window of it',
      ],
      ['loss.use', '✗ loss "squared-error" compares with numbers, but the targets are labels'],
    ],
  },
];

/** Kinds of plug-in that a registry of nothing lacks, in the order of the manifest, with their place in {@link fitting}. */
export const unregisteredCase: MisfitCase = {
  title: 'no plug-in of any kind',
  manifest: without(fitting, 'target'),
  misfits: [
    ['input.tokenizer.use', '✗ no tokenizer is registered'],
    ['input.vectorizer.use', '✗ no vectorizer is registered'],
    ['layers[0].use', '✗ no cell is registered'],
    ['task.use', '✗ no task is registered'],
    ['loss.use', '✗ no loss is registered'],
    ['optimizer.use', '✗ no optimizer is registered'],
    ['trainer.use', '✗ no trainer is registered'],
    ['backend.use', '✗ no backend is registered'],
  ],
};

/** A copy of `object` without the member `key`. */
export function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = object;
  return rest;
}
