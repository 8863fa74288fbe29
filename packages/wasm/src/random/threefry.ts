// Threefry-4x32-20 in four lanes: four blocks of random words at a time.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { type I32, I32x4 } from '../assembler/values.ts';

/** Skein's key-schedule parity for words of 32 bits. */
const PARITY = 0x1bd11bda;
/** By how much the second word of each pair turns, in eight rounds that come again and again. */
const ROTATIONS = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
] as const;
const ROUNDS = 20;

/** Four values of the same kind. */
export type Four<V> = readonly [V, V, V, V];

/** What is added to the four words: before the first round, and after every fourth. */
export type KeySchedule = readonly Four<Variable<I32x4>>[];

/** Spreads a key over lanes; done once for any number of blocks. */
export function keySchedule(f: FunctionBuilder, key: Four<Variable<I32>>): KeySchedule {
  const parity = key[0].xor(key[1]).xor(key[2]).xor(key[3]).xor(PARITY);
  const words = [...key, f.let('parity', parity)].map((word) => f.let('key', word.splat()));
  const at = (index: number): Variable<I32x4> => words[index % 5] as Variable<I32x4>;
  return Array.from({ length: ROUNDS / 4 + 1 }, (_, turn) => {
    const last = at(turn + 3);
    return [at(turn), at(turn + 1), at(turn + 2), turn === 0 ? last : f.let('key', last.add(turn))];
  });
}

/**
 * Four words for the counter in each lane: the numbers of `threefry` in @unrolled/core.
 *
 * Source: Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, section 4.1.
 */
export function threefry(f: FunctionBuilder, schedule: KeySchedule, counter: Four<I32x4>): Four<Variable<I32x4>> {
  const [a, b, c, d] = [0, 1, 2, 3].map(() => f.local('word', I32x4)) as unknown as Four<Variable<I32x4>>;
  const words = [a, b, c, d] as const;
  const addToEach = (values: Four<I32x4>, to: Four<I32x4>): void => {
    for (const [i, word] of words.entries()) f.set(word, (to[i] as I32x4).add(values[i] as I32x4));
  };
  addToEach(schedule[0] as Four<I32x4>, counter);
  for (let round = 1; round <= ROUNDS; round++) {
    const [first, second] = ROTATIONS[(round - 1) % 8] as readonly [number, number];
    // The words change partners after every round.
    const [withA, withC] = round % 2 === 1 ? [b, d] : [d, b];
    mix(f, a, withA, first);
    mix(f, c, withC, second);
    if (round % 4 === 0) addToEach(schedule[round / 4] as Four<I32x4>, words);
  }
  return words;
}

/** Adds a word to another, turns it and mixes it with the sum. */
function mix(f: FunctionBuilder, sum: Variable<I32x4>, turned: Variable<I32x4>, bits: number): void {
  f.set(sum, sum.add(turned));
  f.set(
    turned,
    turned
      .shl(bits)
      .or(turned.shrU(32 - bits))
      .xor(sum),
  );
}
