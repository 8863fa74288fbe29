// A vocabulary: the tokens of a corpus and their numbers. 0 is padding, 1 is any token that is not in it.
import { compareCodePoints } from './compare-code-points.ts';
import { UnrolledError } from './errors.ts';
import { describe } from './options.ts';

/** The number that pads a sequence. */
export const PADDING = 0;
/** The number of every token that is not in the vocabulary. */
export const UNKNOWN = 1;
/** How many numbers come before the first token's. */
const SPECIAL = 2;

/** Which tokens a vocabulary keeps. */
export interface VocabularyLimits {
  /** Tokens seen less often are left out; 1 by default. */
  readonly minimumCount?: number;
  /** Largest number of tokens kept, besides padding and unknown; no limit by default. */
  readonly maximumSize?: number;
}

/** What the limits cost. Kept and lost add up to what the corpus had. */
export interface VocabularyReport {
  /** Different tokens kept. */
  readonly tokens: number;
  /** Occurrences of the tokens kept. */
  readonly occurrences: number;
  /** Different tokens lost to the minimum count. */
  readonly tokensBelowMinimum: number;
  /** Their occurrences. */
  readonly occurrencesBelowMinimum: number;
  /** Different tokens lost to the maximum size. */
  readonly tokensBeyondMaximum: number;
  /** Their occurrences. */
  readonly occurrencesBeyondMaximum: number;
}

/** A sequence as numbers. */
export interface EncodedTokens {
  /** A number for each token kept. */
  readonly ids: Int32Array;
  /** How many of them are {@link UNKNOWN}. */
  readonly unknown: number;
  /** How many tokens were cut off the end. */
  readonly truncated: number;
}

/** A vocabulary as plain data (JSON). */
export interface VocabularyData {
  /** In the order of their numbers, from 2. */
  readonly tokens: readonly string[];
  /** How often each was seen. */
  readonly counts: readonly number[];
  /** What the limits cost. */
  readonly lost: Readonly<Record<LostField, number>>;
}

const lostFields = [
  'tokensBelowMinimum',
  'occurrencesBelowMinimum',
  'tokensBeyondMaximum',
  'occurrencesBeyondMaximum',
] as const;
type LostField = (typeof lostFields)[number];

/** Counts tokens, in one pass or in parts that are merged, and becomes a {@link Vocabulary}. */
export class VocabularyBuilder {
  readonly #counts = new Map<string, number>();

  /** Counts tokens, each occurrence once. Any string is a token, the empty one too. */
  add(tokens: Iterable<string>): this {
    for (const token of tokens) this.#counts.set(token, (this.#counts.get(token) ?? 0) + 1);
    return this;
  }

  /** Adds what another has counted: the same as one pass over both. */
  merge(other: VocabularyBuilder): this {
    for (const [token, count] of [...other.#counts]) this.#counts.set(token, (this.#counts.get(token) ?? 0) + count);
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
    const sorted = [...this.#counts].sort(([a, x], [b, y]) => y - x || compareCodePoints(a, b));
    const firstBelow = sorted.findIndex(([, count]) => count < minimumCount);
    const enough = firstBelow < 0 ? sorted.length : firstBelow;
    const kept = sorted.slice(0, Math.min(enough, maximumSize));
    const beyond = sorted.slice(kept.length, enough);
    const below = sorted.slice(enough);
    return new Vocabulary({
      tokens: kept.map(([token]) => token),
      counts: kept.map(([, count]) => count),
      lost: {
        tokensBelowMinimum: below.length,
        occurrencesBelowMinimum: sum(below.map(([, count]) => count)),
        tokensBeyondMaximum: beyond.length,
        occurrencesBeyondMaximum: sum(beyond.map(([, count]) => count)),
      },
    });
  }
}

/** Tokens and their numbers; immutable. Made by {@link VocabularyBuilder} or {@link Vocabulary.fromJSON}. */
export class Vocabulary {
  readonly #data: VocabularyData;
  readonly #ids: ReadonlyMap<string, number>;

  /** @internal */
  constructor(data: VocabularyData) {
    this.#data = data;
    this.#ids = new Map(data.tokens.map((token, i) => [token, i + SPECIAL]));
  }

  /** How many numbers there are: the tokens, padding and unknown. */
  get size(): number {
    return this.#data.tokens.length + SPECIAL;
  }

  /** The tokens in the order of their numbers; the first has number 2. */
  get tokens(): readonly string[] {
    return this.#data.tokens;
  }

  /** How often each of {@link tokens} was seen. */
  get counts(): readonly number[] {
    return this.#data.counts;
  }

  /** A token's number, {@link UNKNOWN} where it has none. */
  idOf(token: string): number {
    return this.#ids.get(token) ?? UNKNOWN;
  }

  /** Tokens as numbers; with `maximumLength` only the first so many. */
  encode(
    tokens: readonly string[],
    { maximumLength = Infinity }: { readonly maximumLength?: number } = {},
  ): EncodedTokens {
    const length = Math.min(tokens.length, maximumLength);
    const ids = new Int32Array(length);
    let unknown = 0;
    for (let i = 0; i < length; i++) {
      const id = this.idOf(tokens[i] as string);
      if (id === UNKNOWN) unknown++;
      ids[i] = id;
    }
    return { ids, unknown, truncated: tokens.length - length };
  }

  /**
   * Numbers as tokens. Padding is left out.
   *
   * @param unknown - what stands for {@link UNKNOWN}.
   * @throws UnrolledError `TOKEN_ID_INVALID`
   */
  decode(ids: Iterable<number>, unknown = '<unknown>'): string[] {
    const tokens: string[] = [];
    for (const id of ids) if (id !== PADDING) tokens.push(id === UNKNOWN ? unknown : this.#token(id));
    return tokens;
  }

  #token(id: number): string {
    const token = this.#data.tokens[id - SPECIAL];
    if (token !== undefined) return token;
    throw new UnrolledError('TOKEN_ID_INVALID', `${id} is not the number of a token: they are 0 to ${this.size - 1}.`, {
      data: { id, size: this.size },
    });
  }

  /** What was kept and what the limits cost. */
  report(): VocabularyReport {
    const { tokens, counts, lost } = this.#data;
    return { tokens: tokens.length, occurrences: sum(counts), ...lost };
  }

  /** As plain data. */
  toJSON(): VocabularyData {
    return this.#data;
  }

  /** From what {@link toJSON} gave. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
  static fromJSON(data: unknown): Vocabulary {
    if (!isObject(data)) throw corrupt(`it is ${describe(data)}, not an object`);
    const { tokens, counts, lost } = data as { readonly [K in keyof VocabularyData]?: unknown };
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
    return new Vocabulary({ tokens: [...tokens], counts: [...counts], lost: readLost(lost) });
  }
}

function readLost(lost: unknown): Record<LostField, number> {
  if (!isObject(lost)) throw corrupt(`what it lost is ${describe(lost)}, not an object`);
  const given = lost as Record<string, unknown>;
  const numbers = lostFields.map((field): [LostField, number] => {
    const value = Object.hasOwn(given, field) ? given[field] : undefined;
    if (!isCount(value, 0)) throw corrupt(`${field} is ${describe(value)}, not a number of tokens`);
    return [field, value];
  });
  return Object.fromEntries(numbers) as Record<LostField, number>;
}

function corrupt(problem: string): UnrolledError {
  return new UnrolledError('MODEL_CORRUPT', `This vocabulary is damaged: ${problem}.`, {
    mend: 'Copy the model again from where it was saved, or save it again.',
  });
}

function checkLimit(name: string, value: number, minimum: number): void {
  if (isCount(value, minimum)) return;
  throw new UnrolledError(
    'OPTION_INVALID',
    `${name} of a vocabulary must be a whole number of at least ${minimum}, but ${describe(value)} was given.`,
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown, minimum: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
