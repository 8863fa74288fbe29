// Random words of 64 bits that are a function of a key and a count alone.
import { type FunctionBuilder, I64, type Variable } from '@unrolled/wasm';

/** By how much the state goes on from draw to draw: 2^64 ÷ the golden ratio, odd. */
export const STEP = 0x9e3779b97f4a7c15n;

/**
 * The word of a state, each of its bits a function of all bits of the state.
 *
 * Source: Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators, section 5 (SplitMix64, with Stafford's
 * thirteenth variant).
 */
export function mix(f: FunctionBuilder, state: I64): Variable<I64> {
  const z = f.let('z', state);
  f.set(z, z.xor(z.shrU(30)).mul(I64.const(0xbf58476d1ce4e5b9n)));
  f.set(z, z.xor(z.shrU(27)).mul(I64.const(0x94d049bb133111ebn)));
  f.set(z, z.xor(z.shrU(31)));
  return z;
}

/** A whole number from 0 to `bound` − 1, from the upper half of a word. */
export function below(word: I64, bound: I64): I64 {
  return word.shrU(32).mul(bound).shrU(32);
}
