// Counts of what followed which window: an interpolated n-gram model, which knows nothing of what came before its window.
import { log } from '@unrolled/core';

/** Largest number of a symbol, and one more: symbols of a window are digits of one number, exact up to seven of them. */
const base = 128;

/** What was seen at one length of the window. */
interface Counts {
  /** How often a window was followed by a symbol. */
  readonly followed: Map<number, number>;
  /** How often a window came. */
  readonly windows: Map<number, number>;
  /** How many different symbols followed a window. */
  readonly kinds: Map<number, number>;
}

/**
 * Predicts a symbol (a number from 0 to 127) from the `order − 1` symbols before it. Each length of the window is interpolated
 * with the shorter one by the share of new symbols that it brought (Witten and Bell 1991, method C; Chen and Goodman 1999,
 * section 2.4). With order 1 it is the frequency of symbols.
 */
export class WindowModel {
  readonly #counts: readonly Counts[];
  readonly #kinds: number;

  /** Counts a text of symbols. @param kinds - how many symbols there may be: each is as likely as any other before it was seen. */
  constructor(text: ArrayLike<number>, order: number, kinds: number) {
    this.#kinds = kinds;
    this.#counts = Array.from({ length: order }, () => ({
      followed: new Map(),
      windows: new Map(),
      kinds: new Map(),
    }));
    for (const [length, counts] of this.#counts.entries()) count(text, length, counts);
  }

  /** Mean number of bits that each symbol of a text takes, but for the first. */
  bits(text: ArrayLike<number>): number {
    let total = 0;
    for (let at = 1; at < text.length; at += 1) total -= log(this.#probability(text, at));
    return total / Math.LN2 / (text.length - 1);
  }

  #probability(text: ArrayLike<number>, at: number): number {
    let probability = 1 / this.#kinds;
    for (const [length, { followed, windows, kinds }] of this.#counts.entries()) {
      if (length > at) break;
      const window = windowBefore(text, at, length);
      const came = windows.get(window);
      if (came === undefined) break; // nor did any longer one
      const fresh = kinds.get(window) as number;
      const seen = followed.get(window * base + (text[at] as number)) ?? 0;
      probability = (seen + fresh * probability) / (came + fresh);
    }
    return probability;
  }
}

function count(text: ArrayLike<number>, length: number, { followed, windows, kinds }: Counts): void {
  for (let at = length; at < text.length; at += 1) {
    const window = windowBefore(text, at, length);
    const whole = window * base + (text[at] as number);
    const before = followed.get(whole) ?? 0;
    followed.set(whole, before + 1);
    windows.set(window, (windows.get(window) ?? 0) + 1);
    if (before === 0) kinds.set(window, (kinds.get(window) ?? 0) + 1);
  }
}

/** The symbols before a place as one number. */
function windowBefore(text: ArrayLike<number>, at: number, length: number): number {
  let window = 0;
  for (let place = at - length; place < at; place += 1) window = window * base + (text[place] as number);
  return window;
}
