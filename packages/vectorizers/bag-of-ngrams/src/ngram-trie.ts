// The n-grams of a corpus as a trie of numbers: an n-gram is the one before its last unit, and that unit. No text is joined.
import { grown } from './grow.ts';

/** What comes before the first unit of an n-gram. */
export const ROOT = -1;
/** A step that leads nowhere. */
export const NOWHERE = -1;

/** Numbers for n-grams and for all that they begin with. A number is greater than those that it begins with. */
export class NgramTrie {
  /** By number: the n-gram without its last unit, {@link ROOT} for a single unit. */
  parents: Int32Array<ArrayBuffer> = new Int32Array(1 << 8);
  /** By number: the last unit. */
  lasts: Int32Array<ArrayBuffer> = new Int32Array(1 << 8);
  /** How many there are. */
  size = 0;
  /** By unit: the number of the n-gram that it alone is, + 1. */
  #roots = new Int32Array(1 << 8);
  /** Three numbers by hash: n-gram, next unit, the number of both together + 1 (0 where the slot is free). */
  #slots = new Int32Array(3 << 9);
  /** Slots less 1. */
  #mask = (1 << 9) - 1;
  #taken = 0;

  /** The number of n-gram `parent` followed by `unit`; {@link NOWHERE} where there is none. */
  find(parent: number, unit: number): number {
    if (parent === ROOT) return unit < this.#roots.length ? (this.#roots[unit] as number) - 1 : NOWHERE;
    const slots = this.#slots;
    return (slots[this.#slotOf(slots, parent, unit) + 2] as number) - 1;
  }

  /** The number of n-gram `parent` followed by `unit`; a new one where there is none. */
  intern(parent: number, unit: number): number {
    if (parent === ROOT) {
      if (unit >= this.#roots.length) this.#roots = grown(this.#roots, unit + 1);
      const found = this.#roots[unit] as number;
      if (found > 0) return found - 1;
      this.#roots[unit] = this.size + 1;
      return this.#add(parent, unit);
    }
    const slots = this.#slots;
    const slot = this.#slotOf(slots, parent, unit);
    const found = slots[slot + 2] as number;
    if (found > 0) return found - 1;
    slots[slot] = parent;
    slots[slot + 1] = unit;
    slots[slot + 2] = this.size + 1;
    this.#taken++;
    if (6 * this.#taken > slots.length) this.#spread();
    return this.#add(parent, unit);
  }

  #add(parent: number, unit: number): number {
    const node = this.size++;
    if (node >= this.parents.length) {
      this.parents = grown(this.parents, node + 1);
      this.lasts = grown(this.lasts, node + 1);
    }
    this.parents[node] = parent;
    this.lasts[node] = unit;
    return node;
  }

  /** Where the pair stands, or the free slot where it would. */
  #slotOf(slots: Int32Array, parent: number, unit: number): number {
    const mask = this.#mask;
    let place = mix(parent, unit) & mask;
    for (;;) {
      const slot = 3 * place;
      if (slots[slot + 2] === 0 || (slots[slot] === parent && slots[slot + 1] === unit)) return slot;
      place = (place + 1) & mask;
    }
  }

  #spread(): void {
    const old = this.#slots;
    const slots = new Int32Array(2 * old.length);
    this.#mask = 2 * this.#mask + 1;
    for (let from = 0; from < old.length; from += 3) {
      if (old[from + 2] === 0) continue;
      const to = this.#slotOf(slots, old[from] as number, old[from + 1] as number);
      slots[to] = old[from] as number;
      slots[to + 1] = old[from + 1] as number;
      slots[to + 2] = old[from + 2] as number;
    }
    this.#slots = slots;
  }
}

function mix(parent: number, unit: number): number {
  let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return hash ^ (hash >>> 15);
}
