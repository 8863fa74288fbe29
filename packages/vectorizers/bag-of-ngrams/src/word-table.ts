// Numbers for the different units (words, characters) of a corpus, without a JavaScript string for each occurrence: they are
// looked up by their UTF-16 units in a table with open addressing.
import { grown } from './grow.ts';

/** Begins the hash of a unit of text (FNV-1a over UTF-16 units). */
export const HASH_START: number = 0x811c9dc5 | 0;
/** What a hash is multiplied by after each UTF-16 unit. */
export const HASH_FACTOR = 0x01000193;

/** UTF-16 units in memory of their own. */
export type Units = Uint16Array<ArrayBuffer>;

/** Puts `text` into an array of UTF-16 units, which is made longer where it must be. @returns the array and the hash. */
export function spell(text: string, into: Units): { readonly units: Units; readonly hash: number } {
  const units = text.length > into.length ? new Uint16Array(2 * text.length) : into;
  let hash = HASH_START;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    units[at] = unit;
    hash = Math.imul(hash ^ unit, HASH_FACTOR);
  }
  return { units, hash };
}

/** Buffers up to this length are used again; a longer one, for one long unit, is let go. */
const KEPT = 1 << 16;

/** The buffer to use next time. */
export function nextBuffer(used: Units, before: Units): Units {
  return used.length <= KEPT ? used : before;
}

/** Different units in the order in which they were met, numbered from 0. */
export class WordTable {
  /** The spelling of all of them, one after the other. */
  #units = new Uint16Array(1 << 10);
  /** Where each begins; one more at the end. */
  #starts = new Int32Array(1 << 8);
  /** Two numbers by hash: number + 1 (0 where the slot is free), and the whole hash. */
  #slots = new Int32Array(2 << 9);
  /** Slots less 1. */
  #mask = (1 << 9) - 1;
  #size = 0;

  /** A table of `words`, which are all different. */
  static of(words: Iterable<string>): WordTable {
    const table = new WordTable();
    let buffer = new Uint16Array(64);
    for (const word of words) {
      const { units, hash } = spell(word, buffer);
      buffer = units;
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
    for (let place = placeOf(hash) & this.#mask; ; place = (place + 1) & this.#mask) {
      const found = (slots[2 * place] as number) - 1;
      if (found < 0 || (slots[2 * place + 1] === hash && this.#is(found, units, length))) return found;
    }
  }

  /** The number of what the first `length` of `units` spell; a new one where it has none. */
  intern(units: Uint16Array, length: number, hash: number): number {
    const slots = this.#slots;
    for (let place = placeOf(hash) & this.#mask; ; place = (place + 1) & this.#mask) {
      const found = (slots[2 * place] as number) - 1;
      if (found < 0) return this.#add(place, units, length, hash);
      if (slots[2 * place + 1] === hash && this.#is(found, units, length)) return found;
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

  #is(word: number, units: Uint16Array, length: number): boolean {
    const start = this.#starts[word] as number;
    if ((this.#starts[word + 1] as number) - start !== length) return false;
    const own = this.#units;
    for (let at = 0; at < length; at++) if (own[start + at] !== units[at]) return false;
    return true;
  }

  #add(place: number, units: Uint16Array, length: number, hash: number): number {
    const word = this.#size++;
    if (word + 2 > this.#starts.length) this.#starts = grown(this.#starts, word + 2);
    const start = this.#starts[word] as number;
    if (start + length > this.#units.length) this.#units = grown(this.#units, start + length);
    this.#units.set(units.subarray(0, length), start);
    this.#starts[word + 1] = start + length;
    this.#slots[2 * place] = word + 1;
    this.#slots[2 * place + 1] = hash;
    if (2 * this.#size > this.#mask) this.#spread();
    return word;
  }

  #spread(): void {
    const old = this.#slots;
    const slots = new Int32Array(2 * old.length);
    const mask = 2 * this.#mask + 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      const hash = old[from + 1] as number;
      let place = placeOf(hash) & mask;
      while (slots[2 * place] !== 0) place = (place + 1) & mask;
      slots[2 * place] = old[from] as number;
      slots[2 * place + 1] = hash;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

/** How many UTF-16 units are made a string at once: there is a limit to the arguments of a call. */
const PIECE = 4096;

/** High bits of a product depend on all of the text, low ones on its end alone. */
function placeOf(hash: number): number {
  return hash ^ (hash >>> 15);
}
