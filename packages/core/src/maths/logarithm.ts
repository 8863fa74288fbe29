// ln x and ln(1 + x) with the same bits on every engine.
import { highWord, powerOfTwo } from './bits.ts';

/** ln 2 to 32 bits, so that its product with an exponent is exact, and the rest of ln 2. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Added to a high word it carries into the exponent where the significand is at least √2. */
const ABOVE_ROOT_TWO = 0x95f62;
/** Smallest normal float64. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;
/** 2^54, which makes a subnormal normal. */
const TWO_54 = 18014398509481984;

/**
 * k·ln 2 + ln(1 + f) + tail, for √½ − 1 ≤ f < √2 − 1.
 *
 * ln(1 + f) = 2s + s·R(s²) with s = f ÷ (2 + f), regrouped so that f is added last, as documented in fdlibm's `log` (Ng 1993).
 */
function combine(k: number, f: number, tail: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.39999999999413965 + w * (0.22222198553786476 + w * 0.1531402112022345));
  const odd = z * (0.6666666666666734 + w * (0.2857142874256213 + w * (0.18183565407194224 + w * 0.1479626115242801)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + (even + odd)) + (k * LN2_LOW + tail)) - f);
}

/**
 * ln x. Within 1 ulp; −∞ at ±0, NaN below 0 and for NaN, ∞ for ∞.
 *
 * x = 2^k·(1 + f) with 1 + f in [√½, √2); coefficients from `tooling/goldens/maths_coefficients.py`.
 */
export function log(x: number): number {
  if (!(x >= SMALLEST_NORMAL && x < Infinity)) return logOfSpecial(x);
  const k = ((highWord(x) + ABOVE_ROOT_TWO) >> 20) - 1023;
  return combine(k, x * powerOfTwo(-k) - 1, 0);
}

function logOfSpecial(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return NaN;
  if (x === Infinity) return x;
  const normal = x * TWO_54;
  const k = ((highWord(normal) + ABOVE_ROOT_TWO) >> 20) - 1023;
  return combine(k - 54, normal * powerOfTwo(-k) - 1, 0);
}

/** √½ − 1 and √2 − 1, rounded towards 0. */
const LEAST = -0.2928;
const MOST = 0.4142;

/**
 * ln(1 + x), accurate near 0 too. Within 1 ulp; −∞ at −1, NaN below and for NaN, ∞ for ∞.
 *
 * Where 1 + x rounds to u, what was lost divided by u is added back.
 */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return x === -1 ? -Infinity : x === Infinity ? x : NaN;
  if (x > LEAST && x < MOST) return Math.abs(x) < 1.1102230246251565e-16 ? x : combine(0, x, 0);
  const u = 1 + x;
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1);
  const k = ((highWord(u) + ABOVE_ROOT_TWO) >> 20) - 1023;
  return combine(k, u * powerOfTwo(-k) - 1, lost / u);
}
