// Checks hypotheses and references, and brings them together pair by pair.
import { UnrolledError } from '@unrolled/core';

/** What a hypothesis is compared with: a text, or several that are as right. */
export type Reference = string | readonly string[];

/** A text with the texts it is compared with. */
export interface TextPair {
  readonly hypothesis: string;
  readonly references: readonly string[];
}

/** Units of a text: words, characters, or whatever a model answers with. A string is split at white space. */
export type Tokens = string | readonly (string | number)[];

/** @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT` */
export function textPairs(hypotheses: readonly string[], references: readonly Reference[]): TextPair[] {
  checkLists(hypotheses, references);
  return Array.from(hypotheses, (hypothesis, index) => ({
    hypothesis: checkText(hypothesis, `Hypothesis ${index}`),
    references: referencesOf(references[index], index),
  }));
}

/** The same with one reference each. @throws UnrolledError `METRIC_LENGTHS`, `METRIC_EMPTY`, `METRIC_TEXT` */
export function pairsOf<Given, Unit>(
  hypotheses: readonly Given[],
  references: readonly Given[],
  read: (given: unknown, what: string) => Unit,
): (readonly [hypothesis: Unit, reference: Unit])[] {
  checkLists(hypotheses, references);
  return Array.from(hypotheses, (hypothesis, index) => [
    read(hypothesis, `Hypothesis ${index}`),
    read(references[index], `Reference ${index}`),
  ]);
}

/** @throws UnrolledError `METRIC_TEXT` for anything but a string */
export function checkText(given: unknown, what: string): string {
  if (typeof given === 'string') return given;
  throw textError(what, 'a text', given);
}

/** @throws UnrolledError `METRIC_TEXT` for anything but a string or an array of strings and numbers */
export function checkTokens(given: unknown, what: string): Tokens {
  if (typeof given === 'string' || isListOf(isToken, given)) return given as Tokens;
  throw textError(what, 'a text or a list of tokens, which are texts or numbers', given, isToken);
}

function referencesOf(given: unknown, index: number): readonly string[] {
  if (typeof given === 'string') return [given];
  if (isListOf(isText, given) && given.length > 0) return given as readonly string[];
  throw textError(`Reference ${index}`, 'a text or a list of at least one text', given);
}

function checkLists(hypotheses: unknown, references: unknown): void {
  const [mine, theirs] = [lengthOf(hypotheses, 'Hypotheses'), lengthOf(references, 'References')];
  if (mine !== theirs)
    throw new UnrolledError('METRIC_LENGTHS', `There are ${mine} hypotheses, but references for ${theirs}.`, {
      mend: 'Give a reference for each hypothesis, or a list of several for each: [["a", "b"], ["c"]].',
      data: { hypotheses: mine, references: theirs },
    });
  if (mine === 0)
    throw new UnrolledError('METRIC_EMPTY', 'There are no pairs to compare.', {
      mend: 'Give at least one hypothesis with its reference; each of them may be an empty text.',
    });
}

function lengthOf(given: unknown, what: string): number {
  if (Array.isArray(given)) return given.length;
  throw textError(what, 'a list', given);
}

const isText = (given: unknown): boolean => typeof given === 'string';
const isToken = (given: unknown): boolean => typeof given === 'string' || typeof given === 'number';

function isListOf(fits: (one: unknown) => boolean, given: unknown): given is readonly unknown[] {
  // Not given.every, which passes over the holes of a list.
  return Array.isArray(given) && Array.from(given).every(fits);
}

function textError(what: string, expected: string, given: unknown, fits = isText): UnrolledError {
  const found = Array.isArray(given) ? foundIn(given, fits) : kindOf(given);
  return new UnrolledError('METRIC_TEXT', `${what} must be ${expected}, but ${found} was given.`, {
    mend: 'Where a model answered nothing, give an empty text; where a reference is missing, leave out the pair.',
  });
}

function foundIn(list: readonly unknown[], fits: (one: unknown) => boolean): string {
  return list.length === 0 ? 'an empty list' : `a list with ${kindOf(Array.from(list).find((one) => !fits(one)))}`;
}

function kindOf(given: unknown): string {
  if (given === null || given === undefined) return String(given);
  return Array.isArray(given) ? 'a list' : `a value of type ${typeof given}`;
}
