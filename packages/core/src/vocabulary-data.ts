// Vocabularies and counts of tokens as plain data, and the checks of what was read.
import { UnrolledError } from './errors.ts';
import { describe } from './options.ts';
import type { Forgotten } from './vocabulary-counts.ts';

/** A vocabulary as plain data (JSON). */
export interface VocabularyData {
  /** In the order of their numbers, from 2. */
  readonly tokens: readonly string[];
  /** How often each was seen. */
  readonly counts: readonly number[];
  /** What the limits cost. */
  readonly lost: Readonly<Record<LostField, number>>;
  /** What was forgotten while counting in bounded memory; there only where anything was. */
  readonly forgotten?: Forgotten;
}

/** Counts of tokens as plain data (JSON). */
export interface VocabularyCountsData {
  /** By code point. */
  readonly tokens: readonly string[];
  /** How often each was seen since its count began. */
  readonly counts: readonly number[];
  /** Occurrences that each may have had before that. */
  readonly missed: readonly number[];
  /** What was forgotten. */
  readonly forgotten: Forgotten;
  /** Largest number of different tokens counted at once; 0 for no bound. */
  readonly maximumTracked: number;
}

const lostFields = [
  'tokensBelowMinimum',
  'occurrencesBelowMinimum',
  'tokensBeyondMaximum',
  'occurrencesBeyondMaximum',
] as const;
type LostField = (typeof lostFields)[number];

const forgottenFields = ['tokens', 'occurrences', 'atMost'] as const;

/** Checks a vocabulary that was saved. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
export function readVocabulary(data: unknown): VocabularyData {
  const { tokens, counts, lost, forgotten } = fieldsOf(data, 'it');
  return {
    ...readCounts(tokens, counts),
    lost: readNumbers(lost, lostFields, 'what it lost'),
    ...(forgotten !== undefined && { forgotten: readNumbers(forgotten, forgottenFields, 'what it forgot') }),
  };
}

/** Checks counts that were saved. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
export function readVocabularyCounts(data: unknown): VocabularyCountsData {
  const { tokens, counts, missed, forgotten, maximumTracked } = fieldsOf(data, 'it');
  const read = readCounts(tokens, counts);
  if (!Array.isArray(missed) || missed.length !== read.tokens.length)
    throw corrupt(`it has ${read.tokens.length} tokens, but what they missed is ${describe(missed)}`);
  const wrong = missed.findIndex((number) => !isCount(number, 0));
  if (wrong >= 0) throw corrupt(`what token ${describe(read.tokens[wrong])} missed is ${describe(missed[wrong])}`);
  if (!isCount(maximumTracked, 0) || maximumTracked === 1) throw corrupt(`its bound is ${describe(maximumTracked)}`);
  return {
    ...read,
    missed: [...missed],
    forgotten: readNumbers(forgotten, forgottenFields, 'what it forgot'),
    maximumTracked,
  };
}

function readCounts(tokens: unknown, counts: unknown): Pick<VocabularyData, 'tokens' | 'counts'> {
  if (!Array.isArray(tokens)) throw corrupt(`its tokens are ${describe(tokens)}, not an array`);
  if (!Array.isArray(counts) || counts.length !== tokens.length)
    throw corrupt(`it has ${tokens.length} tokens, but its counts are ${describe(counts)}`);
  const seen = new Set<string>();
  tokens.forEach((token: unknown, i) => {
    if (typeof token !== 'string') throw corrupt(`token ${i} is ${describe(token)}, not a text`);
    if (seen.has(token)) throw corrupt(`it has the token ${describe(token)} twice`);
    if (!isCount(counts[i], 1)) throw corrupt(`the count of token ${describe(token)} is ${describe(counts[i])}`);
    seen.add(token);
  });
  return { tokens: [...tokens], counts: [...counts] };
}

function readNumbers<const F extends string>(data: unknown, fields: readonly F[], what: string): Record<F, number> {
  const given = fieldsOf(data, what);
  const numbers = fields.map((field): [F, number] => {
    const value = Object.hasOwn(given, field) ? given[field] : undefined;
    if (!isCount(value, 0)) throw corrupt(`${field} is ${describe(value)} in ${what}, not a number of tokens`);
    return [field, value];
  });
  return Object.fromEntries(numbers) as Record<F, number>;
}

function fieldsOf(data: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw corrupt(`${what} is ${describe(data)}, not an object`);
}

function corrupt(problem: string): UnrolledError {
  return new UnrolledError('MODEL_CORRUPT', `This vocabulary is damaged: ${problem}.`, {
    mend: 'Copy the model again from where it was saved, or save it again.',
  });
}

/** Whether `value` is a whole number of at least `minimum`. */
export function isCount(value: unknown, minimum: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum;
}
