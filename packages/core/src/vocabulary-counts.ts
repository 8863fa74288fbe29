// Counts of tokens, exact, or within a bound of memory and a bound of error that is known.
import { UnrolledError } from './errors.ts';

/** What was forgotten to stay within a bound of memory. */
export interface Forgotten {
  /** How often a token's count was dropped; a token that came back and was dropped again counts twice. */
  readonly tokens: number;
  /** Occurrences among them. */
  readonly occurrences: number;
  /** No count is lower than the true one by more than this, nor was a token that is missing seen more often. */
  readonly atMost: number;
}

/** The largest number of entries that a Map of today's engines holds. */
const MAP_LIMIT = 2 ** 24;

/**
 * Counts of tokens. With a bound, the rarer half of them is forgotten whenever there are more, as in Lossy Counting (Manku and
 * Motwani 2002, Approximate frequency counts over data streams, section 4.2) with buckets as long as the bound allows; a count
 * that begins later knows how much it may have missed.
 */
export class TokenCounts {
  /** Largest number of different tokens counted at once; no bound where Infinity. */
  readonly maximumTracked: number;
  readonly #counts = new Map<string, number>();
  /** Occurrences that a token may have had before its count began, where there may be any. */
  readonly #missed = new Map<string, number>();
  #forgotten: Forgotten = { tokens: 0, occurrences: 0, atMost: 0 };

  constructor(maximumTracked: number) {
    this.maximumTracked = maximumTracked;
  }

  /** Tokens with how often they were seen, in no order that means anything. */
  get entries(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** What was forgotten so far. */
  get forgotten(): Forgotten {
    return this.#forgotten;
  }

  /** Occurrences of a token that its count may lack. */
  missedOf(token: string): number {
    if (this.#counts.has(token)) return this.#missed.get(token) ?? 0;
    return this.#forgotten.atMost;
  }

  /** Counts one occurrence. @throws UnrolledError `VOCABULARY_FULL` */
  add(token: string): void {
    const count = this.#counts.get(token);
    if (count !== undefined) this.#counts.set(token, count + 1);
    else {
      this.#put(token, 1, this.#forgotten.atMost);
      if (this.#counts.size > this.maximumTracked) this.#forgetHalf();
    }
  }

  /** Adds what another has counted and forgotten. @throws UnrolledError `VOCABULARY_FULL` */
  merge(other: TokenCounts): void {
    const [mine, its] = [this.#forgotten, other.#forgotten];
    const sums = Array.from(other.#counts, ([token, count]) => ({
      token,
      count: count + (this.#counts.get(token) ?? 0),
      missed: other.missedOf(token) + this.missedOf(token),
    }));
    if (its.atMost > 0)
      for (const token of this.#counts.keys())
        if (!other.#counts.has(token)) this.#missed.set(token, this.missedOf(token) + its.atMost);
    this.#forgotten = {
      tokens: mine.tokens + its.tokens,
      occurrences: mine.occurrences + its.occurrences,
      atMost: mine.atMost + its.atMost,
    };
    for (const { token, count, missed } of sums) this.#put(token, count, missed);
    if (this.#counts.size > this.maximumTracked) this.#forgetHalf();
  }

  /** Goes on from counts that were saved. @throws UnrolledError `VOCABULARY_FULL` */
  restore(entries: Iterable<readonly [token: string, count: number, missed: number]>, forgotten: Forgotten): void {
    for (const [token, count, missed] of entries) this.#put(token, count, missed);
    this.#forgotten = forgotten;
  }

  #put(token: string, count: number, missed: number): void {
    if (this.#counts.size === MAP_LIMIT && !this.#counts.has(token)) throw full();
    this.#counts.set(token, count);
    if (missed > 0) this.#missed.set(token, missed);
  }

  /** Forgets at least half of the tokens: those that can't have been seen more often than the middle one. */
  #forgetHalf(): void {
    const most = (token: string, count: number) => count + (this.#missed.get(token) ?? 0);
    const all = Float64Array.from(this.#counts, ([token, count]) => most(token, count)).sort();
    const atMost = all[all.length >> 1] as number;
    let { tokens, occurrences } = this.#forgotten;
    for (const [token, count] of this.#counts) {
      if (most(token, count) > atMost) continue;
      tokens += 1;
      occurrences += count;
      this.#counts.delete(token);
      this.#missed.delete(token);
    }
    this.#forgotten = { tokens, occurrences, atMost };
  }
}

function full(): UnrolledError {
  return new UnrolledError('VOCABULARY_FULL', `More than ${MAP_LIMIT} different tokens can't be counted at once.`, {
    mend: 'Bound the memory: new VocabularyBuilder({ maximumTracked: 1000000 }) forgets rare tokens and says how many.',
  });
}
