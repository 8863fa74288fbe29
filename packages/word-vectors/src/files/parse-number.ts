// Decimal numbers out of bytes, without a string for each.

const ZERO = 0x30;
const NINE = 0x39;
/** 10^0 … 10^22, which float64 holds exactly. */
const powers = /* @__PURE__ */ Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Up to here whole numbers are exact. */
const EXACT = 9007199254740991;

/**
 * The number written in ASCII at `from` … `to`, correctly rounded to float64; NaN where there is none. `nan`, `inf` and the
 * like are NaN and infinities.
 */
export function parseNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const negative = bytes[at] === 0x2d;
  if (negative || bytes[at] === 0x2b) at += 1;
  let [mantissa, digits, point] = [0, 0, -1];
  for (; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO);
      digits += 1;
    } else if (byte === 0x2e && point < 0) point = digits;
    else break;
  }
  if (digits === 0 || mantissa > EXACT) return parseSlowly(bytes, from, to);
  let exponent = point < 0 ? 0 : point - digits;
  if (at < to) {
    const power = parseExponent(bytes, at, to);
    if (Number.isNaN(power)) return Number.NaN;
    exponent += power;
  }
  if (exponent < -22 || exponent > 22) return parseSlowly(bytes, from, to);
  // both exact: one rounding (Clinger 1990, How to read floating point numbers accurately)
  const size = exponent < 0 ? mantissa / (powers[-exponent] as number) : mantissa * (powers[exponent] as number);
  return negative ? -size : size;
}

/** Of `e-05`; NaN where it is none. */
function parseExponent(bytes: Uint8Array, from: number, to: number): number {
  if (((bytes[from] as number) | 0x20) !== 0x65) return Number.NaN;
  const signed = bytes[from + 1] === 0x2d || bytes[from + 1] === 0x2b;
  let at = from + (signed ? 2 : 1);
  if (at >= to) return Number.NaN;
  let exponent = 0;
  for (; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return Number.NaN;
    exponent = Math.min(exponent * 10 + (byte - ZERO), 99_999);
  }
  return bytes[from + 1] === 0x2d ? -exponent : exponent;
}

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const infinite = /^[-+]?inf(?:inity)?$/i;

function parseSlowly(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > 400) return Number.NaN;
  const text = String.fromCharCode(...bytes.subarray(from, to));
  if (decimal.test(text)) return Number(text);
  return infinite.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number.NaN;
}
