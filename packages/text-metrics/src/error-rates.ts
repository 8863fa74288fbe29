// Error rates: edits that make references of hypotheses, for each unit of the references.
import { editDistance } from './edit-distance.ts';
import { checkText, checkTokens, pairsOf, type Tokens } from './pairs.ts';
import { splitWords } from './white-space.ts';

/** An error rate with what it was made of. */
export interface ErrorRate {
  /**
   * Edits ÷ length of the references; 0 is best, and it may be above 1. Where all references are empty it is 0 if the
   * hypotheses are too, else Infinity.
   */
  readonly rate: number;
  /** Insertions, deletions and replacements, over all pairs. */
  readonly edits: number;
  /** Units of the references, over all pairs. */
  readonly referenceLength: number;
}

/**
 * Character error rate over all pairs. Characters are code points, white space among them; nothing is trimmed or lower-cased.
 * @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT`
 */
export function characterErrorRate(hypotheses: readonly string[], references: readonly string[]): ErrorRate {
  const split = (given: unknown, what: string): string[] => Array.from(checkText(given, what));
  return errorRate(pairsOf(hypotheses, references, split));
}

/**
 * Word error rate over all pairs. A text's words stand between white space; a list of tokens is taken as it is.
 * @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT`
 */
export function wordErrorRate(hypotheses: readonly Tokens[], references: readonly Tokens[]): ErrorRate {
  return errorRate(pairsOf(hypotheses, references, tokensOf));
}

/** Tokens of a text or of a list. */
export function tokensOf(given: unknown, what: string): readonly (string | number)[] {
  const tokens = checkTokens(given, what);
  return typeof tokens === 'string' ? splitWords(tokens) : tokens;
}

type Units = readonly (string | number)[];

function errorRate(pairs: readonly (readonly [hypothesis: Units, reference: Units])[]): ErrorRate {
  let [edits, referenceLength] = [0, 0];
  for (const [hypothesis, reference] of pairs) {
    edits += editDistance(hypothesis, reference);
    referenceLength += reference.length;
  }
  return { rate: edits === 0 ? 0 : edits / referenceLength, edits, referenceLength };
}
