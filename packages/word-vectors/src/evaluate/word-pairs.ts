// Similarity of words against people's judgement of pairs: WordSim353, SimLex999 and the like.
import { UnrolledError } from '@unrolled/core';
import { checkWhole } from '../check-whole.ts';
import type { KeyedVectors } from '../keyed-vectors.ts';
import { bootstrap, type ConfidenceOptions, type Estimate } from './bootstrap.ts';
import { pearson, spearman } from './correlation.ts';
import { type EvaluatedWords, MOST_FREQUENT, wordRows } from './vocabulary.ts';

/** Two words and how similar people find them. */
export interface WordPair {
  /** One word. */
  readonly a: string;
  /** The other. */
  readonly b: string;
  /** Greater is more similar, on any scale. */
  readonly similarity: number;
}

/** How pairs are evaluated. */
export interface WordPairOptions extends EvaluatedWords {
  /** What becomes of pairs with unknown words: left out by default, or of similarity 0. */
  readonly unknown?: 'skip' | 'zero';
  /** How the intervals are drawn. */
  readonly confidence?: ConfidenceOptions;
}

/** How well similarities agree with people's. */
export interface WordPairEvaluation {
  /** Spearman's rank correlation, with its interval over pairs. */
  readonly spearman: Estimate;
  /** Pearson's correlation, with its interval over pairs. */
  readonly pearson: Estimate;
  /** How many pairs the correlations are of. */
  readonly used: number;
  /** Pairs given. */
  readonly pairs: number;
  /** Pairs with a word that is unknown. */
  readonly unknown: readonly WordPair[];
  /** Their share of all pairs, 0 to 1. */
  readonly unknownShare: number;
  /** Only so many of the most frequent words took part. */
  readonly mostFrequent: number;
}

/**
 * Pairs of a text: on each line two words and a number between tabs. Empty lines and those that begin with `#` are none.
 * @throws UnrolledError `EVALUATION_DATA_INVALID`, with the line
 */
export function parseWordPairs(text: string): readonly WordPair[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    const [a, b, score, ...more] = line.split('\t').map((cell) => cell.trim());
    const similarity = score ? Number(score) : Number.NaN;
    if (a && b && more.length === 0 && Number.isFinite(similarity)) return [{ a, b, similarity }];
    throw new UnrolledError(
      'EVALUATION_DATA_INVALID',
      `Line ${index + 1} must be two words and a number between tabs, but is ${JSON.stringify(line.slice(0, 80))}.`,
      { mend: 'Give pairs of your own making where the file has another form.' },
    );
  });
}

/**
 * Correlates cosine similarities with people's, as gensim's `evaluate_word_pairs` does.
 * @param pairs - pairs, or a text of them as {@link parseWordPairs} reads it.
 * @throws UnrolledError `EVALUATION_DATA_INVALID` for a bad line, or where fewer than two pairs are known; `OPTION_INVALID`
 */
export function evaluateWordPairs(
  vectors: KeyedVectors,
  pairs: string | Iterable<WordPair>,
  options: WordPairOptions = {},
): WordPairEvaluation {
  const { mostFrequent = MOST_FREQUENT, ignoreCase = true, unknown: treatment = 'skip', confidence } = options;
  checkWhole('mostFrequent', mostFrequent);
  const all = typeof pairs === 'string' ? parseWordPairs(pairs) : [...pairs];
  const { fold, rows } = wordRows(vectors, { mostFrequent, ignoreCase });
  const wordOf = (word: string) => vectors.words[rows.get(fold(word))?.[0] ?? -1];
  const [theirs, ours, unknown]: [number[], number[], WordPair[]] = [[], [], []];
  for (const pair of all) {
    const [a, b] = [wordOf(pair.a), wordOf(pair.b)];
    const known = a !== undefined && b !== undefined;
    if (!known) unknown.push(pair);
    if (!known && treatment === 'skip') continue;
    theirs.push(pair.similarity);
    ours.push(known ? vectors.similarity(a, b) : 0);
  }
  if (theirs.length < 2)
    throw new UnrolledError(
      'EVALUATION_DATA_INVALID',
      `A correlation needs two pairs of known words, but of ${all.length} pairs ${theirs.length} are known.`,
      { mend: 'Give pairs of words that the vectors have, or raise mostFrequent.' },
    );
  const correlate = (measure: typeof pearson) =>
    bootstrap(theirs.length, (items) => measure(pick(theirs, items), pick(ours, items)), confidence);
  return {
    spearman: correlate(spearman),
    pearson: correlate(pearson),
    used: theirs.length,
    pairs: all.length,
    unknown,
    unknownShare: unknown.length / all.length,
    mostFrequent,
  };
}

function pick(values: readonly number[], items: Uint32Array): Float64Array {
  return Float64Array.from(items, (item) => values[item] as number);
}
