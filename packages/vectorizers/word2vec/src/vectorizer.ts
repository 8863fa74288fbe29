// The vectorizer plug-in: trains word vectors on the corpus that it is fitted to, and gives tokens numbers.
import {
  defineOptions,
  defineVectorizer,
  type Encoder,
  type EquationModule,
  type Fitter,
  flag,
  integer,
  parseOptions,
  UNKNOWN,
  UnrolledError,
  uniform,
  type Vectorizer,
  Vocabulary,
  VocabularyBuilder,
} from '@unrolled/core';
import { resolveOptions, type Word2VecOptions, word2vecSchema } from './options.ts';
import { learningRateAfter } from './schedule.ts';
import { SentenceStore } from './sentence-store.ts';
import { chunkEntries, setUp } from './setup.ts';
import { checkFinite, Trainer } from './trainer.ts';
import { wordRows } from './vectors.ts';

/** Options of the vectorizer: those of the training, and of what becomes of the vectors. */
export interface Word2VecVectorizerOptions extends Omit<Word2VecOptions, 'parallel'> {
  /** Tokens of an example kept, from its start; 0 for no limit. */
  readonly maximumLength: number;
  /** Whether the network leaves the vectors as they are. */
  readonly frozen: boolean;
}

/** The options as a schema. */
function vectorizerSchema() {
  const { parallel: _, ...fields } = word2vecSchema.fields;
  return defineOptions<Word2VecVectorizerOptions>({
    ...fields,
    maximumLength: integer(0, 'Tokens of an example kept, from its start; 0 for no limit.', { minimum: 0 }),
    frozen: flag(false, 'Whether the network leaves the vectors as they are.'),
  });
}

/**
 * Trains word vectors by Word2Vec on the examples that it is fitted to, and numbers tokens: 0 padding, 1 unknown. The network
 * looks their vectors up, e[t] = Eᵀ x[t] with `E` `[vocabulary, size]`, and goes on to learn them unless they are frozen.
 * `initial` of the encoder holds the trained `E`: padding begins at 0, unknown at the average of all words.
 *
 * It trains when it is built, in the caller's thread. Source: Mikolov, Sutskever, Chen, Corrado and Dean 2013.
 */
export const word2vec: Vectorizer<'word2vec', Word2VecVectorizerOptions, 'steps', 'tokens'> =
  /* @__PURE__ */ defineVectorizer({
    name: 'word2vec',
    package: '@unrolled/vectorizer-word2vec',
    options: /* @__PURE__ */ vectorizerSchema(),
    emits: 'steps',
    reads: 'tokens',
    fit: fitterOf,
    restore: (options, data) => encoderOf(options, Vocabulary.fromJSON(data)),
  });

/** The vectorizer with its options bound. */
export interface Word2VecVectorizer {
  /** Begins to fit. */
  readonly fit: () => Fitter;
  /** An encoder from what `toJSON` gave. @throws UnrolledError `MODEL_CORRUPT` */
  readonly restore: (data: unknown) => Encoder;
}

/** The vectorizer with its options bound, for use without a registry. @throws UnrolledError `OPTION_INVALID` */
export function word2vecVectorizer(options: Partial<Word2VecVectorizerOptions> = {}): Word2VecVectorizer {
  const bound = parseOptions(word2vec.options, options, 'vectorizer "word2vec"');
  return { fit: () => word2vec.fit(bound), restore: (data) => word2vec.restore(bound, data) };
}

/** What a fitter has read: counts, and the sentences themselves. */
interface Read {
  readonly builder: VocabularyBuilder;
  readonly store: SentenceStore;
}

/** What each fitter has read, so that two can be merged. */
const readBy = /* @__PURE__ */ new WeakMap<Fitter, Read>();

function fitterOf(options: Word2VecVectorizerOptions): Fitter {
  const builder = new VocabularyBuilder();
  const store = new SentenceStore();
  const fitter: Fitter = {
    add: (example) => {
      const tokens = example as readonly string[];
      builder.add(tokens);
      store.add(tokens);
    },
    merge: (other) => {
      const read = readBy.get(other) ?? mismatch();
      builder.merge(read.builder);
      store.merge(read.store);
    },
    build: () => build(options, { builder, store }),
  };
  readBy.set(fitter, { builder, store });
  return fitter;
}

function mismatch(): never {
  throw new UnrolledError('FITTER_MISMATCH', 'A fitter of Word2Vec can only be merged with another such one.', {
    mend: 'Merge fitters of the same vectorizer from the same installed version.',
  });
}

function build(options: Word2VecVectorizerOptions, { builder, store }: Read): Encoder {
  const { minimumCount, maximumWords, size } = options;
  const vocabulary = builder.build({ minimumCount, ...(maximumWords > 0 && { maximumSize: maximumWords }) });
  const table = new Float32Array(vocabulary.size * size);
  if (vocabulary.tokens.length > 0) {
    const vectors = train(options, store, vocabulary);
    table.set(vectors, SPECIAL * size);
    table.set(averageRow(vectors, size), UNKNOWN * size);
  }
  return { ...encoderOf(options, vocabulary), initial: { E: { shape: [vocabulary.size, size], data: table } } };
}

/** Padding and unknown come before the words. */
const SPECIAL = 2;

/** The vectors of the vocabulary's words, `[words, size]`. Trained in this thread, with the bits of any number of threads. */
function train(given: Word2VecVectorizerOptions, store: SentenceStore, { tokens, counts }: Vocabulary): Float32Array {
  const { maximumLength: _, frozen: __, ...training } = given;
  const options = resolveOptions({ ...training, parallel: 'deterministic' });
  const trainer = Trainer.openHere(setUp(options, { tokens, counts }, 1));
  const entries = store.renumbered(new Map(tokens.map((token, number) => [token, number])));
  const total = counts.reduce((sum, count) => sum + count, 0);
  let trained = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++)
    for (let at = 0; at < entries.length; at += chunkEntries) {
      const chunk = entries.subarray(at, at + chunkEntries);
      const words = chunk.reduce((count, entry) => count + (entry >= 0 ? 1 : 0), 0);
      trainer.raw.set(chunk);
      const from = learningRateAfter(trained, total, options);
      trained += words;
      const to = learningRateAfter(trained, total, options);
      trainer.train(chunk.length, words, { from, to, last: at + chunkEntries >= entries.length });
    }
  checkFinite(trainer);
  return wordRows(trainer.read('input'), trainer.setup);
}

function averageRow(vectors: Float32Array, size: number): Float32Array {
  const sum = new Float64Array(size);
  for (const [i, value] of vectors.entries()) sum[i % size] = (sum[i % size] as number) + value;
  return Float32Array.from(sum, (value) => value / (vectors.length / size));
}

function encoderOf(options: Word2VecVectorizerOptions, vocabulary: Vocabulary): Encoder {
  const { maximumLength } = options;
  return {
    input: { kind: 'ids', vocabulary: vocabulary.size, module: moduleOf(options) },
    encode: (example, before = 0) => {
      const limit = maximumLength === 0 ? {} : { maximumLength: Math.max(0, maximumLength - before) };
      return { kind: 'ids', ...vocabulary.encode(example as readonly string[], limit) };
    },
    toJSON: () => vocabulary.toJSON(),
    report: () => ({ ...vocabulary.report() }),
  };
}

/** Where the encoder's `initial` is not used, vectors begin within ±½ ÷ size, as Word2Vec's own do. */
function moduleOf({ size, frozen }: Word2VecVectorizerOptions): EquationModule {
  return {
    name: 'word2vec',
    equations: frozen ? 'e[t] = stopGradient(Eᵀ @ x[t])' : 'e[t] = Eᵀ @ x[t]',
    parameters: { E: { shape: ['vocabulary', 'size'], init: uniform(-0.5 / size, 0.5 / size) } },
    sizes: { size },
    constants: {},
    shapes: {},
    initial: {},
    output: 'e',
  };
}
