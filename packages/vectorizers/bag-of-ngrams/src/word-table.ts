// Numbers for the different units (words, characters) of a corpus, without a JavaScript string for each occurrence: they are
// looked up by their UTF-16 units in a table with open addressing.
import { grown } from './grow.ts';

/** Begins the hash of a unit of text (FNV-1a over UTF-16 units). */
export const HASH_START: number = 0x811c9dc5 | 0;
/** What a hash is multiplied by after each UTF-16 unit. */
export const HASH_FACTOR = 0x01000193;

/** Puts `text` into an array of UTF-16 units, which is made longer where it must be. @returns the array and the hash. */
export function spell(text: string, into: Uint16Array): { readonly units: Uint16Array; readonly hash: number } {
  const units = text.length > into.length ? new Uint16Array(2 * text.length) : into;
  let hash = HASH_START;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    units[at] = unit;
    hash = Math.imul(hash ^ unit, HASH_FACTOR);
  }
  return { units, hash };
}

/** Different units in the order in which they were met, numbered from 0. */
export class WordTable {
  /** The spelling of all of them, one after the other. */
  #units = new Uint16Array(1 << 10);
  /** Where each begins; one more at the end. */
  #starts = new Int32Array(1 << 8);
  #hashes = new Int32Array(1 << 8);
  /** Number + 1 by hash, 0 where there is none. */
  #slots = new Int32Array(1 << 9);
  #size = 0;

  /** A table of `words`, which are all different. */
  static of(words: Iterable<string>): WordTable {
    const table = new WordTable();
    let buffer = new Uint16Array(64);
    for (const word of words) {
      const { units, hash } = spell(word, buffer);
      buffer = units as Uint16Array<ArrayBuffer>;
      table.intern(units, word.length, hash);
    }
    return table;
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** The number of what the first `length` of `units` spell, −1 where it has none. */
  find(units: Uint16Array, length: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = placeOf(hash) & mask; ; slot = (slot + 1) & mask) {
      const found = (slots[slot] as number) - 1;
      if (found < 0 || this.#is(found, units, length, hash)) return found;
    }
  }

  /** The number of what the first `length` of `units` spell; a new one where it has none. */
  intern(units: Uint16Array, length: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = placeOf(hash) & mask; ; slot = (slot + 1) & mask) {
      const found = (slots[slot] as number) - 1;
      if (found < 0) return this.#add(slot, units, length, hash);
      if (this.#is(found, units, length, hash)) return found;
    }
  }

  /** The text of a number. */
  textOf(word: number): string {
    const end = this.#starts[word + 1] as number;
    let text = '';
    for (let at = this.#starts[word] as number; at < end; at += PIECE)
      text += String.fromCharCode(...this.#units.subarray(at, Math.min(at + PIECE, end)));
    return text;
  }

  /** A number for the UTF-16 unit at `at` by which texts are in the order of their code points; −1 past the end. */
  orderAt(word: number, at: number): number {
    const place = (this.#starts[word] as number) + at;
    const end = this.#starts[word + 1] as number;
    if (place >= end) return -1;
    const unit = this.#units[place] as number;
    if (unit < 0xd800 || unit >= 0xdc00 || place + 1 >= end) return unit;
    const next = this.#units[place + 1] as number;
    return next >= 0xdc00 && next < 0xe000 ? unit + 0x10000 : unit;
  }

  #is(word: number, units: Uint16Array, length: number, hash: number): boolean {
    const start = this.#starts[word] as number;
    if (this.#hashes[word] !== hash || (this.#starts[word + 1] as number) - start !== length) return false;
    const own = this.#units;
    for (let at = 0; at < length; at++) if (own[start + at] !== units[at]) return false;
    return true;
  }

  #add(slot: number, units: Uint16Array, length: number, hash: number): number {
    const word = this.#size++;
    if (word + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, word + 2);
      this.#hashes = grown(this.#hashes, word + 2);
    }
    const start = this.#starts[word] as number;
    if (start + length > this.#units.length) this.#units = grown(this.#units, start + length);
    this.#units.set(units.subarray(0, length), start);
    this.#starts[word + 1] = start + length;
    this.#hashes[word] = hash;
    this.#slots[slot] = word + 1;
    if (2 * this.#size > this.#slots.length) this.#spread();
    return word;
  }

  #spread(): void {
    const slots = new Int32Array(4 * this.#slots.length);
    const mask = slots.length - 1;
    for (let word = 0; word < this.#size; word++) {
      let slot = placeOf(this.#hashes[word] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = word + 1;
    }
    this.#slots = slots;
  }
}

/** How many UTF-16 units are made a string at once: there is a limit to the arguments of a call. */
const PIECE = 4096;

/** High bits of a product depend on all of the text, low ones on its end alone. */
function placeOf(hash: number): number {
  return hash ^ (hash >>> 15);
}
