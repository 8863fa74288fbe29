// Shares of what is right as it stands: whole texts, and tokens in their places.
import { tokensOf } from './error-rates.ts';
import { pairsOf, type Reference, type Tokens, textPairs } from './pairs.ts';

/**
 * Share of hypotheses that are a reference to the letter, 0 to 1. Nothing is trimmed, lower-cased or normalised.
 * @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT`
 */
export function exactMatch(hypotheses: readonly string[], references: readonly Reference[]): number {
  const pairs = textPairs(hypotheses, references);
  return pairs.filter((pair) => pair.references.includes(pair.hypothesis)).length / pairs.length;
}

/**
 * Share of tokens that stand in their reference's place, over all pairs, 0 to 1: right places ÷ the sum of the longer of both
 * lengths, so tokens too many or too few are wrong. With equal lengths, as in tagging, it is plain accuracy. Where all are empty it is 1.
 * A text's tokens stand between white space; a list of tokens is taken as it is.
 * @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT`
 */
export function tokenAccuracy(hypotheses: readonly Tokens[], references: readonly Tokens[]): number {
  let [right, places] = [0, 0];
  for (const [hypothesis, reference] of pairsOf(hypotheses, references, tokensOf)) {
    right += reference.filter((token, place) => token === hypothesis[place]).length;
    places += Math.max(hypothesis.length, reference.length);
  }
  return places === 0 ? 1 : right / places;
}
