// The bits of a float64, and exact powers of two.
// The files of this folder export functions alone: an imported number is a slow load in V8 where a local one is folded.

const words = new Int32Array(2);
const double = new Float64Array(words.buffer);
double[0] = 1;
/** Which of the two words holds sign and exponent: 1 on every little-endian machine. */
const HIGH = words[1] === 0 ? 0 : 1;

/** The word of `x` with its sign, exponent and first 20 bits of the significand, as a signed integer. */
export function highWord(x: number): number {
  double[0] = x;
  return words[HIGH] as number;
}

/** Exponent of the smallest power of two. */
const SMALLEST = -1074;

/** 2^−1074 … 2^1023. A table, since writing an exponent and reading it back as a number stalls the processor. */
const powers = new Float64Array(2098);
for (let k = 0, power = Number.MIN_VALUE; k < powers.length; k++, power *= 2) powers[k] = power;

/** 2^k, exact, for a whole k from −1074 to 1023. */
export function powerOfTwo(k: number): number {
  return powers[(k | 0) - SMALLEST] as number;
}
