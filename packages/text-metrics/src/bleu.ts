// BLEU of a corpus or of one sentence: counts of n-grams that hypotheses share with their references.
import { choice, defineOptions, flag, integer, parseOptions } from '@unrolled/core';
import { type BleuCounts, type BleuSmoothing, bleuOf } from './bleu-score.ts';
import { countMatches, countNgrams, ngramsIn } from './ngram-counts.ts';
import { type Reference, type TextPair, textPairs } from './pairs.ts';
import { signatureOf } from './signature.ts';
import { type BleuTokenizer, bleuTokenizers, tokenize } from './tokenize.ts';

/** How BLEU is computed; the defaults are sacreBLEU's. */
export interface BleuOptions {
  /** `'13a'` cuts as WMT does, `'intl'` at every script's punctuation, `'char'` between characters, `'none'` at white space. */
  readonly tokenizer: BleuTokenizer;
  /** Compare lower-cased texts. */
  readonly lowercase: boolean;
  /** What a precision without a match counts: half of the one before by `'exp'`, 0 by `'none'`. */
  readonly smoothing: BleuSmoothing;
  /** Units of the longest n-grams. */
  readonly order: number;
  /** Leave out orders that no hypothesis is long enough for, instead of scoring 0. */
  readonly effectiveOrder: boolean;
}

/** A BLEU score with what it was made of. */
export interface BleuScore extends BleuCounts {
  /** 0 to 100, where rounding may end a few 1e-14 above. */
  readonly score: number;
  /** Percent of the n-grams of 1, 2, … tokens that are right, smoothed. */
  readonly precisions: readonly number[];
  /** What short hypotheses lose: a factor from 0 to 1. */
  readonly brevityPenalty: number;
  /** sacreBLEU's signature of the settings, and after it who computed. */
  readonly signature: string;
}

const schema = defineOptions<BleuOptions>({
  tokenizer: choice('13a', bleuTokenizers, 'How texts are cut into tokens.'),
  lowercase: flag(false, 'Compare lower-cased texts.'),
  smoothing: choice('exp', ['exp', 'none'], 'What a precision without a match counts.'),
  order: integer(4, 'Units of the longest n-grams.', { minimum: 1, maximum: 100 }),
  effectiveOrder: flag(false, 'Leave out orders that no hypothesis is long enough for.'),
});

/**
 * BLEU of a corpus (Papineni et al. 2002), as sacreBLEU's `corpus_bleu` computes it (Post 2018).
 * @param references - for each hypothesis a text, or several; a list for each hypothesis, not one for each set.
 * @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT`, `OPTION_INVALID`
 */
export function corpusBleu(
  hypotheses: readonly string[],
  references: readonly Reference[],
  options: Partial<BleuOptions> = {},
): BleuScore {
  const settings = parseOptions(schema, options, 'BLEU');
  const pairs = textPairs(hypotheses, references);
  const counts: MutableCounts = {
    hypothesisLength: 0,
    referenceLength: 0,
    correct: new Array<number>(settings.order).fill(0),
    total: new Array<number>(settings.order).fill(0),
  };
  for (const pair of pairs) addPair(counts, pair, settings);
  return { ...bleuOf(counts, settings), ...counts, signature: signature(pairs, settings) };
}

/**
 * BLEU of one sentence, as sacreBLEU's `sentence_bleu` computes it: with `effectiveOrder`, so that sentences of three tokens score.
 * BLEU is made for corpora; {@link sentenceChrf} agrees better with people about sentences.
 * @throws UnrolledError `METRIC_TEXT`, `OPTION_INVALID`
 */
export function sentenceBleu(hypothesis: string, reference: Reference, options: Partial<BleuOptions> = {}): BleuScore {
  return corpusBleu([hypothesis], [reference], { effectiveOrder: true, ...options });
}

interface MutableCounts extends BleuCounts {
  hypothesisLength: number;
  referenceLength: number;
  readonly correct: number[];
  readonly total: number[];
}

function addPair(counts: MutableCounts, { hypothesis, references }: TextPair, options: BleuOptions): void {
  const { tokenizer, lowercase, order } = options;
  const [mine = [], ...theirs] = [hypothesis, ...references].map((text) =>
    tokenize(lowercase ? text.toLowerCase() : text, tokenizer),
  );
  counts.hypothesisLength += mine.length;
  counts.referenceLength += closestLength(mine.length, theirs);
  for (const [index, [ngrams, ...others]] of countNgrams([mine, ...theirs], order).entries()) {
    counts.total[index] = (counts.total[index] as number) + ngramsIn(mine.length, index + 1);
    if (ngrams) counts.correct[index] = (counts.correct[index] as number) + countMatches(ngrams, others);
  }
}

/** The length of the reference that is nearest in length; of two as near, the shorter one's. */
function closestLength(length: number, references: readonly (readonly string[])[]): number {
  const distance = (other: number) => Math.abs(other - length);
  return references
    .map((reference) => reference.length)
    .reduce((best, next) => {
      const nearer = distance(next) - distance(best);
      return nearer < 0 || (nearer === 0 && next < best) ? next : best;
    });
}

function signature(pairs: readonly TextPair[], options: BleuOptions): string {
  return signatureOf(pairs, {
    case: options.lowercase ? 'lc' : 'mixed',
    eff: options.effectiveOrder ? 'yes' : 'no',
    tok: options.tokenizer,
    smooth: options.smoothing,
    // sacreBLEU leaves it out, though it changes the score.
    ...(options.order === schema.defaults.order ? {} : { order: options.order }),
  });
}
