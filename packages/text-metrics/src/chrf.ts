// chrF of a corpus or of one sentence: the F-score of n-grams of characters, and of words where asked (chrF++).
import { defineOptions, flag, integer, number, parseOptions } from '@unrolled/core';
import { countMatches, countNgrams, ngramsIn } from './ngram-counts.ts';
import { type Reference, type TextPair, textPairs } from './pairs.ts';
import { signatureOf } from './signature.ts';
import { isSpace, splitWords } from './white-space.ts';

/** How chrF is computed; the defaults are sacreBLEU's. */
export interface ChrfOptions {
  /** Characters of the longest n-grams. */
  readonly characterOrder: number;
  /** Words of the longest n-grams of words; none by default, 2 is chrF++. */
  readonly wordOrder: number;
  /** How many times as much recall counts as precision. */
  readonly beta: number;
  /** Compare lower-cased texts. */
  readonly lowercase: boolean;
  /** White space is part of n-grams of characters. */
  readonly whitespace: boolean;
}

/** A chrF score. */
export interface ChrfScore {
  /** 0 to 100. */
  readonly score: number;
  /** `chrF2`, with a `+` for each order of words; the number is `beta`. */
  readonly name: string;
  /** sacreBLEU's signature of the settings, and after it who computed. */
  readonly signature: string;
}

const schema = defineOptions<ChrfOptions>({
  characterOrder: integer(6, 'Characters of the longest n-grams.', { minimum: 1, maximum: 100 }),
  wordOrder: integer(0, 'Words of the longest n-grams of words.', { minimum: 0, maximum: 100 }),
  beta: number(2, 'How many times as much recall counts as precision.', { minimum: 0, maximum: 1e6 }),
  lowercase: flag(false, 'Compare lower-cased texts.'),
  whitespace: flag(false, 'White space is part of n-grams of characters.'),
});

/** N-grams of one order. */
interface Matches {
  /** Those of the hypothesis, where the reference is long enough to have any. */
  readonly hypothesis: number;
  /** Those of the reference. */
  readonly reference: number;
  /** Those of both. */
  readonly both: number;
}

/**
 * chrF of a corpus (Popović 2015; 2017 for chrF++), as sacreBLEU's `corpus_chrf` computes it. Of several references the best counts.
 * @param references - for each hypothesis a text, or several; a list for each hypothesis, not one for each set.
 * @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT`, `OPTION_INVALID`
 */
export function corpusChrf(
  hypotheses: readonly string[],
  references: readonly Reference[],
  options: Partial<ChrfOptions> = {},
): ChrfScore {
  const settings = parseOptions(schema, options, 'chrF');
  const pairs = textPairs(hypotheses, references);
  const best = pairs.map((pair) => bestMatches(pair, settings));
  return {
    score: fScore(best.reduce(add), settings.beta),
    name: `chrF${settings.beta}${'+'.repeat(settings.wordOrder)}`,
    signature: signatureOf(pairs, {
      case: settings.lowercase ? 'lc' : 'mixed',
      eff: 'yes',
      nc: settings.characterOrder,
      nw: settings.wordOrder,
      space: settings.whitespace ? 'yes' : 'no',
    }),
  };
}

/**
 * chrF of one sentence, as sacreBLEU's `sentence_chrf` computes it.
 * @throws UnrolledError `METRIC_TEXT`, `OPTION_INVALID`
 */
export function sentenceChrf(hypothesis: string, reference: Reference, options: Partial<ChrfOptions> = {}): ChrfScore {
  return corpusChrf([hypothesis], [reference], options);
}

/** By order, against the reference with the highest score; of equals, the first. */
function bestMatches({ hypothesis, references }: TextPair, options: ChrfOptions): readonly Matches[] {
  const texts = [hypothesis, ...references].map((text) => (options.lowercase ? text.toLowerCase() : text));
  const byReference = [
    ...matchesByOrder(
      texts.map((text) => charactersOf(text, options.whitespace)),
      options.characterOrder,
    ),
    ...(options.wordOrder > 0 ? matchesByOrder(texts.map(wordsOf), options.wordOrder) : []),
  ];
  return references
    .map((_, index) => byReference.map((matches) => matches[index] as Matches))
    .reduce((best, next) => (fScore(next, options.beta) > fScore(best, options.beta) ? next : best));
}

/** Matches of the first sequence, the hypothesis, with each other: by order, then by reference. */
function matchesByOrder([hypothesis = [], ...references]: readonly (readonly string[])[], order: number): Matches[][] {
  return countNgrams([hypothesis, ...references], order).map(([mine = new Map(), ...theirs], index) =>
    theirs.map((counts, reference) => {
      const available = ngramsIn((references[reference] as readonly string[]).length, index + 1);
      return {
        hypothesis: available > 0 ? ngramsIn(hypothesis.length, index + 1) : 0,
        reference: available,
        both: countMatches(mine, [counts]),
      };
    }),
  );
}

function add(sums: readonly Matches[], next: readonly Matches[]): Matches[] {
  return sums.map((sum, index) => {
    const { hypothesis, reference, both } = next[index] as Matches;
    return {
      hypothesis: sum.hypothesis + hypothesis,
      reference: sum.reference + reference,
      both: sum.both + both,
    };
  });
}

/** F-score of the mean precision and recall over the orders that both sides have, 0 to 100, in sacreBLEU's order of arithmetic. */
function fScore(matches: readonly Matches[], beta: number): number {
  const effective = matches.filter(({ hypothesis, reference }) => hypothesis > 0 && reference > 0);
  const mean = (share: (order: Matches) => number) =>
    effective.reduce((sum, order) => sum + share(order), 0) / effective.length;
  const precision = mean(({ both, hypothesis }) => both / hypothesis);
  const recall = mean(({ both, reference }) => both / reference);
  const factor = beta * beta;
  // Without an order in common both are NaN.
  return precision + recall > 0 ? 100 * (((1 + factor) * precision * recall) / (factor * precision + recall)) : 0;
}

function charactersOf(text: string, whitespace: boolean): readonly string[] {
  const characters = Array.from(text);
  return whitespace ? characters : characters.filter((character) => !isSpace(character));
}

const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** Words with an ASCII mark at their end or else at their start apart, as chrF++'s first program does. */
function wordsOf(text: string): readonly string[] {
  return splitWords(text).flatMap((word) => {
    if (word.length === 1) return [word];
    if (PUNCTUATION.has(word.at(-1) as string)) return [word.slice(0, -1), word.slice(-1)];
    return PUNCTUATION.has(word[0] as string) ? [word.slice(0, 1), word.slice(1)] : [word];
  });
}
