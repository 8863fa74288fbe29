// How often each pair of neighbouring tokens comes, and in which words pairs have just become more.
import { hash } from '../model/merge-table.ts';

/** Counts of pairs: an open-addressed table, each pair numbered in the order in which it was met. */
export class PairCounts {
  /** Left token of each pair. */
  readonly lefts: number[] = [];
  /** Right token of each pair. */
  readonly rights: number[] = [];
  /** Count of each pair. */
  readonly counts: number[] = [];
  #slots = new Int32Array(1 << 16).fill(-1);
  readonly #fresh = new Map<number, number[]>();

  /** Adds `change` to a pair's count; where it becomes more, `word` is remembered until {@link takeFresh}. Words come one after the other. */
  add(left: number, right: number, change: number, word: number): void {
    const pair = this.#pairOf(left, right);
    this.counts[pair] = (this.counts[pair] as number) + change;
    if (change <= 0) return;
    const words = this.#fresh.get(pair);
    if (!words) this.#fresh.set(pair, [word]);
    else if (words[words.length - 1] !== word) words.push(word);
  }

  /** Pairs that have become more since the last call, with the words in which. */
  takeFresh(take: (pair: number, words: readonly number[]) => void): void {
    for (const [pair, words] of this.#fresh) take(pair, words);
    this.#fresh.clear();
  }

  #pairOf(left: number, right: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(left, right) & mask;
    for (;;) {
      const pair = slots[slot] as number;
      if (pair < 0) break;
      if (this.lefts[pair] === left && this.rights[pair] === right) return pair;
      slot = (slot + 1) & mask;
    }
    slots[slot] = this.counts.length;
    this.lefts.push(left);
    this.rights.push(right);
    this.counts.push(0);
    if (this.counts.length * 2 > slots.length) this.#grow();
    return this.counts.length - 1;
  }

  #grow(): void {
    const larger = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = larger.length - 1;
    for (let pair = 0; pair < this.counts.length; pair++) {
      let slot = hash(this.lefts[pair] as number, this.rights[pair] as number) & mask;
      while ((larger[slot] as number) >= 0) slot = (slot + 1) & mask;
      larger[slot] = pair;
    }
    this.#slots = larger;
  }
}
