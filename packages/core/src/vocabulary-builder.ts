// Counts the tokens of a corpus, in one pass or in parts that are merged, and makes a vocabulary of them.
import { compareCodePoints } from './compare-code-points.ts';
import { UnrolledError } from './errors.ts';
import { describe } from './options.ts';
import { createBreathe } from './pipeline/breathe.ts';
import { Vocabulary } from './vocabulary.ts';
import { TokenCounts } from './vocabulary-counts.ts';
import { isCount, readVocabularyCounts, type VocabularyCountsData } from './vocabulary-data.ts';

/** Which tokens a vocabulary keeps. */
export interface VocabularyLimits {
  /** Tokens seen less often are left out; 1 by default. */
  readonly minimumCount?: number;
  /** Largest number of tokens kept, besides padding and unknown; no limit by default. */
  readonly maximumSize?: number;
}

/** How tokens are counted. */
export interface VocabularyCounting {
  /**
   * Largest number of different tokens that are counted at once, which bounds the memory (some 100 bytes each); no bound by
   * default. With more, the rarer half of them is forgotten: see {@link VocabularyReport.countsLowBy} for what that costs.
   */
  readonly maximumTracked?: number;
}

/** Sequences of tokens, such as the words of each document; those that come in later too. */
export type TokenSequences = Iterable<Iterable<string>> | AsyncIterable<Iterable<string>>;

/**
 * Counts tokens and becomes a {@link Vocabulary}. Without a bound, counts are exact: parts that are merged, in whatever order,
 * equal one pass. With one, no count is above the true one nor below it by more than the report says.
 */
export class VocabularyBuilder {
  readonly #counts: TokenCounts;

  /** @throws UnrolledError `OPTION_INVALID` for a bound that is not a whole number of at least 2 */
  constructor({ maximumTracked = Infinity }: VocabularyCounting = {}) {
    if (maximumTracked !== Infinity) checkLimit('maximumTracked', maximumTracked, 2);
    this.#counts = new TokenCounts(maximumTracked);
  }

  /**
   * Counts tokens, each occurrence once. Any string is a token, the empty one too.
   *
   * @throws UnrolledError `TOKENS_INVALID` for what is not strings, or is a text that no tokenizer has split;
   * `VOCABULARY_FULL` beyond 16,777,216 different tokens
   */
  add(tokens: Iterable<string>): this {
    if (typeof tokens === 'string') throw notTokens(`a text, ${describe(tokens)}`);
    for (const token of tokens) {
      if (typeof token !== 'string') throw notTokens(`${describe(token)} among the tokens`);
      this.#counts.add(token);
    }
    return this;
  }

  /** Counts the tokens of sequences as they come in, one at a time. @throws as {@link add} does */
  async partialFit(sequences: TokenSequences): Promise<this> {
    if (typeof sequences === 'string') throw notTokens(`a text, ${describe(sequences)}`);
    const breathe = createBreathe();
    for await (const tokens of sequences) {
      this.add(tokens);
      await breathe();
    }
    return this;
  }

  /** Adds what another has counted: the same as one pass over both, but for what either has forgotten. */
  merge(other: VocabularyBuilder): this {
    this.#counts.merge(other.#counts);
    return this;
  }

  /**
   * The vocabulary of what was counted, by count descending, ties by code point ascending; the order of `add` doesn't matter.
   *
   * @throws UnrolledError `OPTION_INVALID` for a limit that is not a whole number
   */
  build({ minimumCount = 1, maximumSize = Infinity }: VocabularyLimits = {}): Vocabulary {
    checkLimit('minimumCount', minimumCount, 1);
    if (maximumSize !== Infinity) checkLimit('maximumSize', maximumSize, 0);
    const { entries, forgotten } = this.#counts;
    const all = [...entries];
    const below = all.filter(([, count]) => count < minimumCount);
    // Rare tokens are most of them, and need no order.
    const enough = all.filter(([, count]) => count >= minimumCount);
    enough.sort(([a, x], [b, y]) => y - x || compareCodePoints(a, b));
    const kept = enough.slice(0, Math.min(enough.length, maximumSize));
    const beyond = enough.slice(kept.length);
    return new Vocabulary({
      tokens: kept.map(([token]) => token),
      counts: kept.map(([, count]) => count),
      lost: {
        tokensBelowMinimum: below.length,
        occurrencesBelowMinimum: occurrences(below),
        tokensBeyondMaximum: beyond.length,
        occurrencesBeyondMaximum: occurrences(beyond),
      },
      ...(forgotten.tokens > 0 && { forgotten }),
    });
  }

  /** The counts as plain data, to go on from later or to merge elsewhere; the same counts give the same data. */
  toJSON(): VocabularyCountsData {
    const { entries, forgotten, maximumTracked } = this.#counts;
    const tokens = [...entries.keys()].sort(compareCodePoints);
    return {
      tokens,
      counts: tokens.map((token) => entries.get(token) as number),
      missed: tokens.map((token) => this.#counts.missedOf(token)),
      forgotten,
      maximumTracked: maximumTracked === Infinity ? 0 : maximumTracked,
    };
  }

  /** From what {@link toJSON} gave. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
  static fromJSON(data: unknown): VocabularyBuilder {
    const { tokens, counts, missed, forgotten, maximumTracked } = readVocabularyCounts(data);
    const builder = new VocabularyBuilder(maximumTracked === 0 ? {} : { maximumTracked });
    const entries = tokens.map((token, i) => [token, counts[i] as number, missed[i] as number] as const);
    builder.#counts.restore(entries, forgotten);
    return builder;
  }
}

/** The vocabulary of a corpus, read once. @throws UnrolledError as {@link VocabularyBuilder} does */
export async function fitVocabulary(
  sequences: TokenSequences,
  { maximumTracked = Infinity, ...limits }: VocabularyLimits & VocabularyCounting = {},
): Promise<Vocabulary> {
  const builder = await new VocabularyBuilder({ maximumTracked }).partialFit(sequences);
  return builder.build(limits);
}

function checkLimit(name: string, value: number, minimum: number): void {
  if (isCount(value, minimum)) return;
  throw new UnrolledError(
    'OPTION_INVALID',
    `${name} of a vocabulary must be a whole number of at least ${minimum}, but ${describe(value)} was given.`,
    { mend: 'Correct it, or leave it out for the default.' },
  );
}

function notTokens(given: string): UnrolledError {
  return new UnrolledError('TOKENS_INVALID', `A vocabulary counts tokens, but found ${given}.`, {
    mend: 'Split texts with a tokenizer: tokenize(text).map((token) => token.text).',
  });
}

function occurrences(entries: readonly (readonly [string, number])[]): number {
  return entries.reduce((total, [, count]) => total + count, 0);
}
