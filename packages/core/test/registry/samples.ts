// Small plug-ins of every kind that has a slot, for tests of the registry and its types.
import {
  type Batch,
  choice,
  createRegistry,
  defineAttention,
  defineBackend,
  defineCell,
  defineLoss,
  defineOptimizer,
  defineOptions,
  defineTask,
  defineTokenizer,
  defineTrainer,
  defineVectorizer,
  type Encoder,
  flag,
  glorotUniform,
  integer,
  moduleOf,
  number,
  orthogonal,
  size,
  UnrolledError,
  zeros,
} from '@unrolled/core';

const home = '@sample/plug-ins';

/** Options of {@link words}. */
export interface WordsOptions {
  /** Fold case before matching. */
  lowercase: boolean;
}

export const words = defineTokenizer({
  name: 'words',
  package: home,
  options: defineOptions<WordsOptions>({ lowercase: flag(false, 'Fold case.') }),
  create: ({ lowercase }) => ({
    tokenize: (text) =>
      [...text.matchAll(/\p{L}+/gu)].map(({ 0: word, index }) => ({
        text: lowercase ? word.toLowerCase() : word,
        start: index,
        end: index + word.length,
      })),
  }),
});

const characters = defineTokenizer({
  name: 'characters',
  package: home,
  options: defineOptions<Record<never, never>>({}),
  create: () => ({
    tokenize: (text) =>
      [...text.matchAll(/./gsu)].map(({ 0: text, index }) => ({ text, start: index, end: index + text.length })),
  }),
});

type TokensOrNumbers = readonly string[] | readonly (readonly number[])[];

/** Options of {@link oneHot} and {@link bagOfWords}. */
export interface VocabularyOptions {
  /** Words kept, the most frequent first. */
  maximumSize: number;
}

const vocabularyOptions = defineOptions<VocabularyOptions>({ maximumSize: size(1000, 'Words kept.') });

function count({ maximumSize }: VocabularyOptions, encoder: (words: ReadonlyMap<string, number>) => Encoder) {
  const counts = new Map<string, number>();
  const ids = () => {
    const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, maximumSize);
    return new Map(sorted.map(([word], index) => [word, index + 1]));
  };
  return {
    add: (example: TokensOrNumbers) => {
      for (const word of example) counts.set(String(word), (counts.get(String(word)) ?? 0) + 1);
    },
    build: () => encoder(ids()),
  };
}

const idsEncoder = (ids: ReadonlyMap<string, number>): Encoder => ({
  encode: (example) => {
    const found = Int32Array.from(example as readonly string[], (word) => ids.get(word) ?? 0);
    return { kind: 'ids', ids: found, unknown: found.filter((id) => id === 0).length, truncated: 0 };
  },
  input: { kind: 'ids', vocabulary: ids.size + 1 },
  toJSON: () => [...ids.keys()],
  report: () => ({ vocabulary: ids.size }),
});

export const oneHot = defineVectorizer({
  name: 'one-hot',
  package: home,
  options: vocabularyOptions,
  emits: 'steps',
  reads: 'tokens',
  fit: (options: VocabularyOptions) => count(options, idsEncoder),
  restore: (_, data) => idsEncoder(new Map((data as string[]).map((word, index) => [word, index + 1]))),
});

const bagEncoder = (ids: ReadonlyMap<string, number>): Encoder => ({
  encode: (example) => {
    const values = new Float64Array(ids.size);
    for (const word of example as readonly string[]) {
      const id = ids.get(word);
      if (id !== undefined) values[id - 1] = 1;
    }
    return { kind: 'vectors', values, size: ids.size };
  },
  input: { kind: 'vectors', size: ids.size },
  toJSON: () => [...ids.keys()],
  report: () => ({ vocabulary: ids.size }),
});

const bagOfWords = defineVectorizer({
  name: 'bag-of-words',
  package: home,
  options: vocabularyOptions,
  emits: 'bag',
  reads: 'tokens',
  fit: (options: VocabularyOptions) => count(options, bagEncoder),
  restore: (_, data) => bagEncoder(new Map((data as string[]).map((word, index) => [word, index + 1]))),
});

const rowsEncoder = (columns: number): Encoder => ({
  encode: (example) => ({ kind: 'vectors', values: Float64Array.from((example as number[][]).flat()), size: columns }),
  input: { kind: 'vectors', size: columns },
  toJSON: () => columns,
  report: () => ({ columns }),
});

const numeric = defineVectorizer({
  name: 'numeric',
  package: home,
  options: defineOptions<{ columns: number }>({ columns: size(1, 'Numbers at each step.') }),
  emits: 'steps',
  reads: 'numbers',
  fit: ({ columns }: { columns: number }) => ({ add: () => {}, build: () => rowsEncoder(columns) }),
  restore: (_, data) => rowsEncoder(data as number),
});

/** Options of {@link vanilla}. */
export interface VanillaOptions {
  /** Size of the hidden state. */
  units: number;
}

export const vanilla = defineCell({
  name: 'vanilla',
  package: home,
  source: 'Elman 1990, Finding structure in time',
  options: defineOptions<VanillaOptions>({ units: size(32, 'Size of the hidden state.') }),
  equations: `
    zh[t] = Wxh @ x[t] + Whh @ h[t-1] + bh
    h[t] = tanh(zh[t])
  `,
  output: 'h',
  parameters: { Wxh: glorotUniform(), Whh: orthogonal(), bh: zeros() },
});

/** Options of {@link leaky}. */
export interface LeakyOptions extends VanillaOptions {
  /** Share of the old state that stays. */
  leak: number;
  /** Applied to the state. */
  activation: 'tanh' | 'relu';
}

export const leaky = defineCell({
  name: 'leaky',
  package: home,
  source: 'Jaeger 2001, The echo state approach, equation 2',
  options: defineOptions<LeakyOptions>({
    units: size(32, 'Size of the hidden state.'),
    leak: number(0.5, 'Share of the old state that stays.', { minimum: 0, maximum: 1 }),
    activation: choice('tanh', ['tanh', 'relu'], 'Applied to the state.'),
  }),
  equations: ({ activation }: LeakyOptions) =>
    `h[t] = leak * h[t-1] + (1 - leak) * ${activation}(Wxh @ x[t] + Whh @ h[t-1] + bh)`,
  output: 'h',
  parameters: { Wxh: glorotUniform(), Whh: orthogonal(), bh: zeros() },
});

const none = defineOptions<Record<never, never>>({});

const dot = defineAttention({
  name: 'dot',
  package: home,
  source: 'Luong et al. 2015, eq. 7',
  options: none,
  module: (options) =>
    moduleOf(
      {
        name: 'dot',
        options: none,
        equations: `e[t,s] = h[t] · m[s]
          a[t,s] = softmax_s(e[t,s])
          c[t] = sum_s(a[t,s] * m[s])`,
        parameters: {},
        output: 'c',
      },
      options,
    ),
});

export const manyToOne = defineTask({
  name: 'many-to-one',
  package: home,
  options: none,
  answers: 'once',
  learns: 'label',
  accepts: 'steps',
  streams: true,
  module: (options, size) => ({
    ...moduleOf(
      {
        name: 'many-to-one',
        options: none,
        equations: 'y[t] = Why @ h[t] + by',
        parameters: { Why: { init: glorotUniform(), shape: ['outputs', 'units'] }, by: zeros() },
        output: 'y',
      },
      options,
    ),
    sizes: { outputs: size },
  }),
});

const translation = defineTask({
  name: 'translation',
  package: home,
  options: none,
  answers: 'each-step',
  learns: 'sequence',
  accepts: 'steps',
  streams: true,
  module: manyToOne.module,
});

const nextWord = defineTask({
  name: 'next-word',
  package: home,
  options: none,
  answers: 'each-step',
  learns: 'next',
  accepts: 'steps',
  streams: true,
  module: manyToOne.module,
});

const amount = defineTask({
  name: 'amount',
  package: home,
  options: none,
  answers: 'once',
  learns: 'number',
  accepts: 'steps',
  streams: true,
  module: manyToOne.module,
});

export const crossEntropy = defineLoss({
  name: 'categorical-cross-entropy',
  package: home,
  options: none,
  targets: 'class',
  link: 'softmax',
  module: (options) =>
    moduleOf(
      {
        name: 'categorical-cross-entropy',
        options: none,
        equations: 'loss = logSumExp(y) - y · target',
        parameters: {},
        output: 'loss',
      },
      options,
    ),
});

const binaryCrossEntropy = defineLoss({
  name: 'binary-cross-entropy',
  package: home,
  options: none,
  targets: 'binary',
  link: 'sigmoid',
  module: (options) =>
    moduleOf(
      {
        name: 'binary-cross-entropy',
        options: none,
        equations: 'loss = sum(softplus(y) - y * target)',
        parameters: {},
        output: 'loss',
      },
      options,
    ),
});

const squaredError = defineLoss({
  name: 'squared-error',
  package: home,
  options: none,
  targets: 'values',
  link: 'identity',
  module: (options) =>
    moduleOf(
      {
        name: 'squared-error',
        options: none,
        equations: 'loss = mean((y - target) * (y - target))',
        parameters: {},
        output: 'loss',
      },
      options,
    ),
});

export const sgd = defineOptimizer({
  name: 'sgd',
  package: home,
  options: defineOptions<{ learningRate: number }>({
    learningRate: number(0.01, 'Step size.', { minimum: 0 }),
  }),
  module: (options) =>
    moduleOf(
      { name: 'sgd', options: none, equations: 'w[t] = w[t-1] - rate * g[t]', parameters: {}, output: 'w' },
      options,
    ),
  learningRate: ({ learningRate }) => learningRate,
});

export const bptt = defineTrainer({
  name: 'bptt',
  package: home,
  options: none,
  sees: 'sequence',
  check: () => {},
  train: async function* (_, executable, batch, context) {
    const key = { seed: context.seed, update: context.updates() };
    const state = context.state ?? executable.initialState(batch.size);
    const step = await executable.trainStep(batch, state, { key, learningRate: context.learningRate() });
    yield { ...step, updated: true, cursor: undefined };
  },
});

/** Options of {@link truncatedBptt}. */
export interface WindowOptions {
  /** Steps between updates. */
  every: number;
  /** Steps that gradients travel back. */
  window: number;
}

export const truncatedBptt = defineTrainer({
  name: 'truncated-bptt',
  package: home,
  options: defineOptions<WindowOptions>({
    every: integer(20, 'Steps between updates.', { minimum: 1 }),
    window: integer(20, 'Steps that gradients travel back.', { minimum: 1 }),
  }),
  sees: 'window',
  check: ({ every, window }: WindowOptions) => {
    if (window < every)
      throw new UnrolledError('WINDOW_SMALL', `window must be at least every (${every}), but it is ${window}.`);
  },
  train: async function* ({ every }, executable, batch, context) {
    let state = context.state ?? executable.initialState(batch.size);
    for (let from = 0; from < batch.time; from += every) {
      const key = { seed: context.seed, update: context.updates() };
      const learningRate = context.learningRate();
      const step = await executable.trainStep(cut(batch, from, every), state, { key, learningRate });
      state = step.state;
      yield { ...step, updated: true, cursor: undefined };
    }
  },
});

/** Steps `from` to `from + every` of a batch of ids. */
function cut(batch: Batch, from: number, every: number): Batch {
  const time = Math.min(every, batch.time - from);
  const x = batch.inputs.x as Int32Array;
  return {
    ...batch,
    time,
    inputs: { x: x.slice(from * batch.size, (from + time) * batch.size) },
    lengths: batch.lengths.map((length) => Math.min(Math.max(length - from, 0), time)),
    start: batch.start.map((start) => start + from),
  };
}

const refuse = (backend: string) => async () => {
  throw new UnrolledError(
    'BACKEND_UNSUPPORTED',
    `backend "${backend}" only stands in a manifest; it computes nothing.`,
  );
};

export const single = defineBackend({
  name: 'single',
  package: home,
  options: none,
  precisions: ['float32'],
  deterministic: true,
  compile: () => refuse('single'),
});

export const exact = defineBackend({
  name: 'exact',
  package: home,
  options: defineOptions<{ checks: boolean }>({ checks: flag(true, 'Check every value for NaN.') }),
  precisions: ['float64', 'float32'],
  deterministic: true,
  compile: () => refuse('exact'),
});

/** All of them. */
export const samples = createRegistry([
  words,
  characters,
  oneHot,
  bagOfWords,
  numeric,
  vanilla,
  leaky,
  dot,
  manyToOne,
  translation,
  nextWord,
  amount,
  crossEntropy,
  binaryCrossEntropy,
  squaredError,
  sgd,
  bptt,
  truncatedBptt,
  single,
  exact,
]);
