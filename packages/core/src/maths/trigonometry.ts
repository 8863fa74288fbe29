// sin and cos for every float64, with the same bits on every engine.
import { highWord, powerOfTwo } from './bits.ts';

/** Adding and taking this away rounds |x| < 2^51 to the nearest whole number, ties to even: 1.5·2^52. */
const ROUND = 6755399441055744;
const QUARTER_PI = 0.7853981633974483;
const TWO_OVER_PI = 0.6366197723675814;
/** π/2 in pieces: two of 33 bits, so that their products with a 20-bit number are exact, and the rest. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
/** Up to here the quotient by π/2 has 20 bits. */
const MEDIUM = 1647099;
/** A remainder below this has lost too many bits in three pieces, and is computed exactly. */
const CANCELLED = 5.9604644775390625e-8;

/** The reduced argument and its tail: what {@link reduce} leaves. */
const reduced = new Float64Array(2);

/** sin(x + tail) for |x| ≤ π/4. */
function sinKernel(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    0.008333333333322418 +
    z * (-0.0001984126982981238 + z * 2.7557313693571806e-6) +
    z * w * (-2.5050758384128323e-8 + z * 1.5896811780200148e-10);
  const cube = z * x;
  return x - (z * (0.5 * tail - cube * r) - tail - cube * -0.16666666666666632);
}

/** cos(x + tail) for |x| ≤ π/4. */
function cosKernel(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    z * (0.0416666666666666 + z * (-0.0013888888888874131 + z * 2.4801587289487012e-5)) +
    w * w * (-2.755731435378841e-7 + z * (2.087572347891761e-9 + z * -1.1359658837605471e-11));
  const half = 0.5 * z;
  const rounded = 1 - half;
  return rounded + (1 - rounded - half + (z * r - x * tail));
}

/** Writes x − n·π/2 and its tail to {@link reduced} and returns n modulo 4. Cody and Waite (1980). */
function reduce(x: number): number {
  if (!(Math.abs(x) < MEDIUM)) return reduceExactly(x);
  const n = x * TWO_OVER_PI + ROUND - ROUND;
  const first = x - n * HALF_PI_1;
  const taken = n * HALF_PI_2;
  const second = first - taken;
  const shadow = first - second;
  const lost = first - (second + shadow) + (shadow - taken);
  const rest = n * HALF_PI_3 - lost;
  const high = second - rest;
  if (Math.abs(high) < CANCELLED) return reduceExactly(x);
  reduced[0] = high;
  reduced[1] = second - high - rest;
  return n & 3;
}

/** ⌊2/π · 2^1200⌋: enough for the largest exponent and 170 bits beyond the largest cancellation of a float64. */
const TWO_OVER_PI_BITS = 1200n;
const TWO_OVER_PI_DIGITS = BigInt(
  '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1deb1cb129a73ee882' +
    '35f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b5a0a6d1f6d367ecf27cb09b74f463f66' +
    '9e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b',
);
/** ⌊π/2 · 2^192⌋ */
const HALF_PI_DIGITS = BigInt('0x1921fb54442d18469898cc51701b839a252049c1114cf98e8');

/** {@link reduce} in exact integers, for large arguments and for those next to a multiple of π/2 (Payne and Hanek 1983). */
function reduceExactly(x: number): number {
  const exponent = ((highWord(x) >> 20) & 0x7ff) - 1023 - 52;
  const significand = BigInt(x * powerOfTwo(-exponent));
  const shift = TWO_OVER_PI_BITS - BigInt(exponent);
  const product = significand * TWO_OVER_PI_DIGITS;
  const quotient = (product + (1n << (shift - 1n))) >> shift;
  const remainder = (product - (quotient << shift)) * HALF_PI_DIGITS;
  const kept = shift + 192n - 256n;
  const scaled = remainder >> kept;
  const high = Number(scaled);
  reduced[0] = high * powerOfTwo(-256);
  reduced[1] = Number(scaled - BigInt(high)) * powerOfTwo(-256);
  return Number(BigInt.asUintN(2, quotient));
}

/**
 * Sine of x radians. Within 1 ulp for every x; keeps −0, NaN for ±∞ and NaN. Beyond 1.6 million and next to multiples of π/2
 * it takes a slower exact path.
 *
 * Kernels as documented in fdlibm (Ng 1993), coefficients from `tooling/goldens/maths_coefficients.py`.
 */
export function sin(x: number): number {
  const a = Math.abs(x);
  if (a <= QUARTER_PI) return a < 7.450580596923828e-9 ? x : sinKernel(x, 0);
  if (!(a < Infinity)) return NaN;
  const quadrant = reduce(x);
  const high = reduced[0] as number;
  const tail = reduced[1] as number;
  const value = quadrant & 1 ? cosKernel(high, tail) : sinKernel(high, tail);
  return quadrant & 2 ? -value : value;
}

/** Cosine of x radians. Like {@link sin}. */
export function cos(x: number): number {
  const a = Math.abs(x);
  if (a <= QUARTER_PI) return cosKernel(x, 0);
  if (!(a < Infinity)) return NaN;
  const quadrant = reduce(x);
  const high = reduced[0] as number;
  const tail = reduced[1] as number;
  const value = quadrant & 1 ? sinKernel(high, tail) : cosKernel(high, tail);
  return (quadrant + 1) & 2 ? -value : value;
}
