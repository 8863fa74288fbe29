// Options of Word2Vec with their defaults, and what a profile makes of them.
import { choice, defineOptions, flag, integer, number, type OptionsSchema, parseOptions, size } from '@unrolled/core';

/** Options of the training of word vectors; all have defaults. */
export interface Word2VecOptions {
  /** `skip-gram`: a word predicts each of its neighbours; `cbow`: its neighbours together predict it. */
  readonly mode: 'skip-gram' | 'cbow';
  /** What a prediction is compared with: drawn noise, or the path of the word in a Huffman tree. */
  readonly softmax: 'negative-sampling' | 'hierarchical';
  /** Numbers in a vector. */
  readonly size: number;
  /** Words to each side that are neighbours, at most. */
  readonly window: number;
  /** Whether each word draws its window from 1 to `window`, so that near neighbours count more. */
  readonly dynamicWindow: boolean;
  /** Words seen less often are left out. */
  readonly minimumCount: number;
  /** Largest number of words, the commonest first; 0 for no limit. */
  readonly maximumWords: number;
  /** Share of the corpus beyond which a word is frequent and some of its occurrences are left out; 0 leaves none out. */
  readonly sample: number;
  /** Draws of noise for each word that is predicted. */
  readonly negatives: number;
  /** Noise is drawn by the words' counts to the power of this. */
  readonly noiseExponent: number;
  /** Passes over the corpus. */
  readonly epochs: number;
  /** First learning rate, which falls linearly; 0 for the usual: 0.025, and 0.05 of CBOW unless the profile is gensim's. */
  readonly learningRate: number;
  /** Last learning rate; 0 for the usual: a ten-thousandth of the first, and 0.0001 where the profile is gensim's. */
  readonly finalLearningRate: number;
  /** Whether several rows that predict together (CBOW's neighbours, a word's n-grams) are averaged; else they are added. */
  readonly average: boolean;
  /** Whether the gradient of an average is divided by the number of rows, as mathematics has it; word2vec.c and gensim don't. */
  readonly exactGradient: boolean;
  /** Shortest n-gram of a word that has a vector of its own. */
  readonly minimumNgram: number;
  /** Longest n-gram of a word that has a vector of its own; 0 for words alone. */
  readonly maximumNgram: number;
  /** Different vectors that n-grams share, by a hash. */
  readonly buckets: number;
  /** Whose habits are followed where implementations differ. */
  readonly profile: 'unrolled' | 'word2vec.c' | 'gensim';
  /** Seed of every random draw: 0 to 2^53 − 1. */
  readonly seed: number;
  /** `deterministic`: the same bits for any number of threads; `hogwild`: faster, and with several threads never twice the same. */
  readonly parallel: 'deterministic' | 'hogwild';
}

/** The options as a schema. */
export const word2vecSchema: OptionsSchema<Word2VecOptions> = /* @__PURE__ */ defineOptions<Word2VecOptions>({
  mode: /* @__PURE__ */ choice(
    'skip-gram',
    ['skip-gram', 'cbow'],
    'Whether a word predicts its neighbours, or they it.',
  ),
  softmax: /* @__PURE__ */ choice(
    'negative-sampling',
    ['negative-sampling', 'hierarchical'],
    'What a prediction is compared with.',
  ),
  size: /* @__PURE__ */ size(100, 'Numbers in a vector.'),
  window: /* @__PURE__ */ integer(5, 'Words to each side that are neighbours, at most.', { minimum: 1, maximum: 1000 }),
  dynamicWindow: /* @__PURE__ */ flag(true, 'Whether each word draws its window from 1 to window.'),
  minimumCount: /* @__PURE__ */ integer(5, 'Words seen less often are left out.', { minimum: 1 }),
  maximumWords: /* @__PURE__ */ integer(0, 'Largest number of words, the commonest first; 0 for no limit.', {
    minimum: 0,
  }),
  sample: /* @__PURE__ */ number(1e-3, 'Share of the corpus beyond which a word is frequent; 0 leaves no word out.', {
    minimum: 0,
    maximum: 1,
  }),
  negatives: /* @__PURE__ */ integer(5, 'Draws of noise for each word that is predicted.', {
    minimum: 1,
    maximum: 1000,
  }),
  noiseExponent: /* @__PURE__ */ number(0.75, 'Noise is drawn by the counts to the power of this.', {
    minimum: -4,
    maximum: 4,
  }),
  epochs: /* @__PURE__ */ integer(5, 'Passes over the corpus.', { minimum: 1, maximum: 1_000_000 }),
  learningRate: /* @__PURE__ */ number(0, 'First learning rate; 0 for the usual of the mode.', { minimum: 0 }),
  finalLearningRate: /* @__PURE__ */ number(0, 'Last learning rate; 0 for a ten-thousandth of the first.', {
    minimum: 0,
  }),
  average: /* @__PURE__ */ flag(true, 'Whether rows that predict together are averaged; else they are added.'),
  exactGradient: /* @__PURE__ */ flag(false, 'Whether the gradient of an average is divided by the number of rows.'),
  minimumNgram: /* @__PURE__ */ integer(3, 'Shortest n-gram of a word that has a vector.', { minimum: 1, maximum: 64 }),
  maximumNgram: /* @__PURE__ */ integer(0, 'Longest n-gram of a word that has a vector; 0 for words alone.', {
    minimum: 0,
    maximum: 64,
  }),
  buckets: /* @__PURE__ */ integer(2_000_000, 'Different vectors that n-grams share.', {
    minimum: 1,
    maximum: 2 ** 31 - 1,
  }),
  profile: /* @__PURE__ */ choice(
    'unrolled',
    ['unrolled', 'word2vec.c', 'gensim'],
    'Whose habits are followed where implementations differ.',
  ),
  seed: /* @__PURE__ */ integer(1, 'Seed of every random draw.', { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  parallel: /* @__PURE__ */ choice(
    'deterministic',
    ['deterministic', 'hogwild'],
    'Whether threads may change the weights in any order.',
  ),
});

/** The given options with defaults filled in. @throws UnrolledError `OPTION_INVALID` */
export function resolveOptions(given: Partial<Word2VecOptions>): Word2VecOptions {
  const owner = 'Word2Vec';
  const options = parseOptions(word2vecSchema, given, owner);
  const cbow = options.mode === 'cbow' && options.profile !== 'gensim';
  const learningRate = options.learningRate || (cbow ? 0.05 : 0.025);
  const last = options.profile === 'gensim' ? Math.min(1e-4, learningRate) : learningRate * 1e-4;
  return { ...options, learningRate, finalLearningRate: options.finalLearningRate || last };
}
