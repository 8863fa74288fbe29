// A corpus as chunks of word numbers, the same in every epoch; kept in memory between epochs where they are few.
import { createBreathe, UnrolledError } from '@unrolled/core';
import { SENTENCE_END } from '../kernels/sift.ts';
import type { SentenceStore } from '../sentence-store.ts';
import { type Corpus, eachSentence, readOnce, type TextTokenizer } from './corpus.ts';

/** Some words of a corpus, in its order. */
export interface Chunk {
  /** Words, and −1 after each sentence. */
  readonly entries: Int32Array;
  /** How many of the entries are words. */
  readonly words: number;
  /** Tokens that were read for it, unknown ones too. */
  readonly tokens: number;
  /** Whether the corpus ends with it. */
  readonly last: boolean;
}

/** How chunks are cut. */
export interface ChunkOptions {
  readonly corpus: Corpus;
  readonly tokenizer: TextTokenizer | undefined;
  /** Number of a word; undefined where it has none. */
  readonly numberOf: ReadonlyMap<string, number>;
  /** Entries of a chunk; only the last is shorter. */
  readonly size: number;
  /** Entries that may be kept between epochs. */
  readonly kept: number;
  /** Tokens that the first pass met in the numbered words. */
  readonly expected: number;
  /** The sentences, where the first pass kept them: the corpus is not read again. */
  readonly store: SentenceStore | undefined;
}

/** Reads the chunks of a corpus as often as they are asked for. */
export class ChunkReader {
  readonly #options: ChunkOptions;
  #kept: Chunk[] | undefined;

  constructor(options: ChunkOptions) {
    this.#options = options;
  }

  /**
   * Gives every chunk to `take`, which is not called for the first `skipped`; ends early once `stopped`. A chunk is for `take`
   * to read at once.
   * @throws UnrolledError `CORPUS_READ_ONCE`, `CORPUS_CHANGED`, `SENTENCE_INVALID`
   */
  async read(
    take: (chunk: Chunk) => Promise<void> | undefined,
    skipped: number,
    stopped: () => boolean,
  ): Promise<void> {
    const { store } = this.#options;
    if (store?.whole) this.#kept = await keptChunks(store, this.#options);
    if (this.#kept) {
      for (const chunk of this.#kept.slice(skipped)) {
        await take(chunk);
        if (stopped()) return;
      }
      return;
    }
    const filler = new ChunkFiller(this.#options, take, skipped);
    const breathe = createBreathe();
    const add = (tokens: readonly string[]): Promise<void> | undefined => filler.add(tokens) ?? breathe();
    await eachSentence(this.#options.corpus, this.#options.tokenizer, add, stopped);
    if (stopped()) return;
    this.#check(filler.words);
    await filler.end();
    this.#kept = filler.kept;
  }

  #check(words: number): void {
    const { expected } = this.#options;
    if (words === expected) return;
    if (words === 0) throw readOnce('the second time it gave nothing');
    throw new UnrolledError(
      'CORPUS_CHANGED',
      `The corpus had ${expected} occurrences of the words that were counted, but ${words} when it was read again.`,
      { mend: 'Give a corpus that is the same each time it is read.' },
    );
  }
}

/** The chunks of sentences that are kept, as {@link ChunkFiller} cuts them. */
async function keptChunks(store: SentenceStore, { numberOf, size }: ChunkOptions): Promise<Chunk[]> {
  const numbers = Int32Array.from(store.tokens, (token) => numberOf.get(token) ?? UNKNOWN);
  const entries = store.take();
  const breathe = createBreathe();
  const chunks: Chunk[] = [];
  let at = 0;
  let filled = 0;
  while (at < entries.length) {
    // What is numbered anew is never longer than what was read, so it goes where that was.
    const from = filled;
    let [tokens, words] = [0, 0];
    for (; at < entries.length && filled < from + size; at++) {
      const entry = entries[at] as number;
      if (entry === SENTENCE_END) entries[filled++] = SENTENCE_END;
      else {
        const number = numbers[entry] as number;
        tokens += 1;
        if (number === UNKNOWN) continue;
        words += 1;
        entries[filled++] = number;
      }
    }
    chunks.push({ entries: entries.subarray(from, filled), words, tokens, last: at === entries.length });
    await breathe();
  }
  return chunks;
}

/** Stands for a token without a number. */
const UNKNOWN = -2;

/** Cuts sentences into chunks. */
class ChunkFiller {
  /** Words so far. */
  words = 0;
  readonly #options: ChunkOptions;
  readonly #take: (chunk: Chunk) => Promise<void> | undefined;
  readonly #entries: Int32Array;
  #kept: Chunk[] | undefined = [];
  #skip: number;
  #count = 0;
  #words = 0;
  #tokens = 0;
  #all = 0;

  constructor(options: ChunkOptions, take: (chunk: Chunk) => Promise<void> | undefined, skipped: number) {
    this.#options = options;
    this.#take = take;
    this.#skip = skipped;
    this.#entries = new Int32Array(options.size);
  }

  /** All chunks, where they may be kept. */
  get kept(): Chunk[] | undefined {
    return this.#kept;
  }

  /** Adds a sentence; a promise where a chunk was full. */
  add(tokens: readonly string[]): Promise<void> | undefined {
    const at = this.#fill(tokens, 0);
    return at === tokens.length && this.#count < this.#entries.length ? this.#endSentence() : this.#addRest(tokens, at);
  }

  /** Gives the last chunk out. */
  async end(): Promise<void> {
    await this.#give(true);
  }

  async #addRest(tokens: readonly string[], from: number): Promise<void> {
    let at = from;
    for (;;) {
      if (this.#count === this.#entries.length) await this.#give(false);
      if (at === tokens.length) break;
      at = this.#fill(tokens, at);
    }
    this.#endSentence();
  }

  #endSentence(): undefined {
    this.#entries[this.#count++] = SENTENCE_END;
  }

  /** Numbers tokens from `from` on until the chunk is full; gives the first that is left. */
  #fill(tokens: readonly string[], from: number): number {
    const { numberOf } = this.#options;
    const entries = this.#entries;
    let count = this.#count;
    let at = from;
    for (; at < tokens.length && count < entries.length; at++) {
      const number = numberOf.get(tokens[at] as string);
      if (number !== undefined) entries[count++] = number;
    }
    this.#tokens += at - from;
    this.#words += count - this.#count;
    this.words += count - this.#count;
    this.#count = count;
    return at;
  }

  #give(last: boolean): Promise<void> | undefined {
    const chunk = { entries: this.#entries.subarray(0, this.#count), words: this.#words, tokens: this.#tokens, last };
    this.#keep(chunk);
    this.#count = 0;
    this.#words = 0;
    this.#tokens = 0;
    if (this.#skip > 0) {
      this.#skip -= 1;
      return undefined;
    }
    return this.#take(chunk);
  }

  #keep(chunk: Chunk): void {
    this.#all += chunk.entries.length;
    if (this.#all > this.#options.kept) this.#kept = undefined;
    this.#kept?.push({ ...chunk, entries: chunk.entries.slice() });
  }
}
