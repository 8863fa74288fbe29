// x^y with the same bits on every engine.
import { highWord, powerOfTwo } from './bits.ts';
import { expWithTail } from './exponential.ts';

/** ln 2 to 32 bits, so that its product with an exponent is exact, and the rest of ln 2. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Added to a high word it carries into the exponent where the significand is at least √2. */
const ABOVE_ROOT_TWO = 0x95f62;
/** Smallest normal float64. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;
/** 2^54, which makes a subnormal normal. */
const TWO_54 = 18014398509481984;
/** 2^66: from here on |y·ln x| is beyond every float64's logarithm unless x is ±1. */
const HUGE = powerOfTwo(66);
/** 2/3 and what it lacks. */
const TWO_THIRDS = 0.6666666666666666;
const TWO_THIRDS_TAIL = 3.700743415417188e-17;

/** The upper 26 bits of v (Veltkamp 1968), so that products of such halves are exact. */
function upper(v: number): number {
  const c = 134217729 * v;
  return c - (c - v);
}

/** What a·b lost when it was rounded to `product` (Dekker 1971). */
function lost(a: number, b: number, product: number): number {
  const ah = upper(a);
  const al = a - ah;
  const bh = upper(b);
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

/**
 * x^y. Within 1 ulp, and exact where y is 1, 2 or −1 as far as × and ÷ are; special cases as `Math.pow` of ECMAScript has them
 * (x^0 is 1 even for NaN, (±1)^±∞ is NaN, a negative x to a fraction is NaN).
 *
 * e^(y·ln x) with ln x and the product in double-double arithmetic (Dekker 1971), 65 bits or more.
 */
export function pow(x: number, y: number): number {
  if (y === 2) return x * x;
  if (y === 1) return x;
  if (y === 0) return 1;
  if (y === -1) return 1 / x;
  if (x > 0 && x < Infinity && x !== 1 && Math.abs(y) < HUGE) return powOfPositive(x, y);
  return powOfSpecial(x, y);
}

function powOfSpecial(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const a = Math.abs(x);
  const infinite = y === Infinity || y === -Infinity;
  if (infinite && a === 1) return NaN;
  const whole = Math.floor(y) === y;
  const negative = x < 0 || (x === 0 && 1 / x < 0);
  if (x < 0 && !whole && a < Infinity) return NaN;
  const odd = whole && !infinite && Math.floor(y / 2) * 2 !== y;
  const sign = negative && odd ? -1 : 1;
  if (a === 1) return sign;
  if (a === 0 || a === Infinity || Math.abs(y) >= HUGE) return sign * (a > 1 === y > 0 ? Infinity : 0);
  return sign * powOfPositive(a, y);
}

/** x^y for a positive finite x other than 1 and |y| < 2^66. */
function powOfPositive(x: number, y: number): number {
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * TWO_54 : x;
  const exponent = ((highWord(normal) + ABOVE_ROOT_TWO) >> 20) - 1023;
  const m = normal * powerOfTwo(-exponent);
  const k = subnormal ? exponent - 54 : exponent;

  // s + sTail = (m − 1) ÷ (m + 1)
  const f = m - 1;
  const d = m + 1;
  const dTail = m - (d - 1);
  const s = f / d;
  const sd = s * d;
  const sTail = (f - sd - lost(s, d, sd) - s * dTail) / d;

  // series + seriesTail = 3·atanh(s) ÷ s = 3 + s² + s⁴·H(s²)
  const z = s * s;
  const zTail = lost(s, s, z) + 2 * s * sTail;
  const w = z * z;
  const h =
    0.6000000000000338 +
    z * 0.42857142855147634 +
    w *
      (0.3333333378019765 +
        z * 0.2727267652283248 +
        w * (0.23080137300708758 + z * 0.198851957639117 + w * 0.1979478405506222));
  const rough = 3 + z;
  const roughTail = z - (rough - 3) + (zTail + w * h);
  const series = rough + roughTail;
  const seriesTail = roughTail - (series - rough);

  // part + partTail = ⅔·s·series = ln m
  const scaled = s * TWO_THIRDS;
  const scaledTail = lost(s, TWO_THIRDS, scaled) + s * TWO_THIRDS_TAIL + sTail * TWO_THIRDS;
  const part = scaled * series;
  const partTail = lost(scaled, series, part) + scaled * seriesTail + scaledTail * series;

  // logarithm + logarithmTail = k·ln 2 + ln m
  const whole = k * LN2_HIGH;
  const sum = whole + part;
  const sumTail = part - (sum - whole) + (partTail + k * LN2_LOW);
  const logarithm = sum + sumTail;
  const logarithmTail = sumTail - (logarithm - sum);

  const product = y * logarithm;
  return expWithTail(product, lost(y, logarithm, product) + y * logarithmTail);
}
