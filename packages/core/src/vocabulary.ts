// A vocabulary: the tokens of a corpus and their numbers. 0 is padding, 1 is any token that is not in it.
import { UnrolledError } from './errors.ts';
import { readVocabulary, type VocabularyData } from './vocabulary-data.ts';

/** The number that pads a sequence. */
export const PADDING = 0;
/** The number of every token that is not in the vocabulary. */
export const UNKNOWN = 1;
/** How many numbers come before the first token's. */
const SPECIAL = 2;

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
  /** How often a token was forgotten to stay within the memory allowed; there only where that was. */
  readonly tokensForgotten?: number;
  /** Their occurrences. */
  readonly occurrencesForgotten?: number;
  /** How much lower than the truth a count can be, that of a token left out too; there only where tokens were forgotten. */
  readonly countsLowBy?: number;
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

/** Tokens and their numbers; immutable. Made by a `VocabularyBuilder` or {@link Vocabulary.fromJSON}. */
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

  /** The token of a number; undefined for {@link PADDING}, {@link UNKNOWN} and numbers that there are none of. */
  tokenOf(id: number): string | undefined {
    return this.#data.tokens[id - SPECIAL];
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
      mend: 'Give numbers that encode of this vocabulary gave.',
      data: { id, size: this.size },
    });
  }

  /** What was kept and what the limits cost. */
  report(): VocabularyReport {
    const { tokens, counts, lost, forgotten } = this.#data;
    return {
      tokens: tokens.length,
      occurrences: sum(counts),
      ...lost,
      ...(forgotten && {
        tokensForgotten: forgotten.tokens,
        occurrencesForgotten: forgotten.occurrences,
        countsLowBy: forgotten.atMost,
      }),
    };
  }

  /** As plain data. */
  toJSON(): VocabularyData {
    return this.#data;
  }

  /** From what {@link toJSON} gave. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
  static fromJSON(data: unknown): Vocabulary {
    return new Vocabulary(readVocabulary(data));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
