// sin and cos in four lanes, computed in float64.
import type { FunctionBuilder, Variable } from '../assembler/function-builder.ts';
import { type F32, type F32x4, F64, type F64x2, type I32, I64 } from '../assembler/values.ts';
import { polynomial } from './polynomial.ts';

const TWO_OVER_PI = 0.6366197723675814;
/** π/2 in pieces: two of 33 bits, so that their products with a 20-bit number are exact, and the rest. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
/** Up to here the quotient by π/2 has 20 bits. */
const MEDIUM = 1647099;
/** Adding it rounds to a whole number, which then stands in the lowest bits: 1.5·2^52. */
const ROUND = 6755399441055744;
/** (sin r ÷ r − 1) ÷ r² and (cos r − 1) ÷ r² as polynomials in r² ≤ (π/4)²; a test fits them anew. */
export const SIN_SERIES: readonly number[] = [
  -0.16666666663844049, 0.008333331870341213, -0.00019840084376379456, 0.0000027249620077146134,
];
export const COS_SERIES: readonly number[] = [
  -0.49999999968995895, 0.0416666505965508, -0.0013887586565802653, 0.000024463452665665398,
];

/** Sine of x radians in each lane. Keeps −0; NaN for ±∞ and NaN. */
export function sin(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  return turned(f, x, 0);
}

/** Cosine of x radians in each lane. NaN for ±∞ and NaN. */
export function cos(f: FunctionBuilder, x: F32x4): Variable<F32x4> {
  return turned(f, x, 1);
}

/** sin(x + quarters·π/2). */
function turned(f: FunctionBuilder, x: F32x4, quarters: 0 | 1): Variable<F32x4> {
  const given = f.let('x', x);
  const low = half(f, given.promoteLow());
  const high = half(f, given.shuffle(given, 2, 3, 0, 1).promoteLow());
  const quadrant = f.let('quadrant', low.quadrant.shuffle(high.quadrant, 0, 2, 4, 6).bits().add(quarters));
  const sine = joined(low.sine, high.sine);
  const cosine = joined(low.cosine, high.cosine);
  const unsigned = quadrant.shl(31).shrS(31).select(cosine, sine);
  const result = f.let('turned', unsigned.bits().xor(quadrant.and(2).shl(30)).asF32x4());
  // 0 and what is so near that its cube is 0 would lose a sign or bits on the way.
  if (quarters === 0) f.set(result, given.eq(0).select(given, result));
  f.if(given.abs().lt(MEDIUM).not().any(), () => {
    // Each lane in its turn becomes lane 0; after four turns all are where they were.
    f.for('lane', 0, 4, 1, () => {
      const lane = f.let('x_lane', given.lane(0));
      f.if(lane.abs().lt(MEDIUM).eqz(), () => f.set(result, result.withLane(0, sinOfLarge(f, lane, quarters))));
      for (const vector of [given, result]) f.set(vector, vector.shuffle(vector, 1, 2, 3, 0));
    });
  });
  return result;
}

/** Two lanes on their way: sine and cosine of what is left after `quadrant` quarter turns. */
interface Half {
  readonly sine: F64x2;
  readonly cosine: F64x2;
  /** In the lower half of each float64. */
  readonly quadrant: F32x4;
}

function half(f: FunctionBuilder, x: F64x2): Half {
  const given = f.let('x', x);
  const rounded = f.let('rounded', given.mul(TWO_OVER_PI).add(ROUND));
  const n = f.let('n', rounded.sub(ROUND));
  const rest = f.let('rest', given.sub(n.mul(HALF_PI_1)).sub(n.mul(HALF_PI_2)).sub(n.mul(HALF_PI_3)));
  return { ...series(f, rest), quadrant: rounded.bits().asF32x4() };
}

/** sin r and cos r for |r| ≤ π/4. */
function series<V extends F64 | F64x2>(f: FunctionBuilder, rest: Variable<V>): { sine: V; cosine: V } {
  const r = rest as unknown as Variable<F64>;
  const square = f.let('square', r.mul(r));
  const sine = polynomial(f, square, SIN_SERIES).mul(square).mul(r).add(r);
  const cosine = polynomial(f, square, COS_SERIES).mul(square).add(1);
  return { sine, cosine } as unknown as { sine: V; cosine: V };
}

function joined(low: F64x2, high: F64x2): F32x4 {
  return low.demote().shuffle(high.demote(), 0, 1, 4, 5);
}

/** 2/π after 8 zero bits, 64 bits each. */
const TWO_OVER_PI_BITS = ['00a2f9836e4e4415', '29fc2757d1f534dd', 'c0db6295993c4390', '41fe5163abdebbc5'] as const;
/** π/2 · 2^−62 */
const FRACTION: number = 1.5707963267948966 * 2 ** -62;

/** sin(x + quarters·π/2) for |x| of 8 or more, ∞ and NaN, by exact reduction (Payne and Hanek 1983). */
function sinOfLarge(f: FunctionBuilder, x: Variable<F32>, quarters: 0 | 1): F32 {
  const bits = f.let('bits', x.asI32());
  const turns = f.let('turns', quarterTurns(f, bits));
  const quadrant = f.let('turned', turns.add(I64.const(1n << 61n)).shrU(62));
  const rest = f.let('rest', turns.sub(quadrant.shl(62)).toF64().mul(FRACTION));
  const { sine, cosine } = series(f, rest);
  const counted = f.let('counted', quadrant.toI32().add(quarters));
  const value = f.let('value', counted.and(1).select(cosine, sine));
  f.if(counted.and(2), () => f.set(value, value.neg()));
  // Sine is odd, cosine is even.
  if (quarters === 0) f.if(bits.ltS(0), () => f.set(value, value.neg()));
  f.if(x.abs().lt(Infinity).eqz(), () => f.set(value, F64.const(NaN)));
  return value.toF32();
}

/** |x|·2/π modulo 4, in units of 2^−62. */
function quarterTurns(f: FunctionBuilder, bits: Variable<I32>): I64 {
  const significand = f.let('significand', bits.and(0x7fffff).or(0x800000).toI64U());
  // |x| = significand·2^(exponent − 150): the product's bits below 4 begin at this bit of 2/π.
  const first = f.let('first', bits.shrU(23).and(0xff).sub(144));
  const [a, b, c, d] = TWO_OVER_PI_BITS.map((word) => I64.const(BigInt(`0x${word}`))) as [I64, I64, I64, I64];
  const later = f.let('later', first.geU(64));
  const words = [later.select(b, a), later.select(c, b), later.select(d, c)] as const;
  const [upper, middle, lower] = words.map((word) => f.let('word', word)) as unknown as [I64, I64, I64];
  const shift = f.let('shift', first.and(63).toI64U());
  const back = f.let('back', I64.const(63).sub(shift));
  const whole = upper.shl(shift).or(middle.shrU(1).shrU(back));
  const fraction = middle.shl(shift).or(lower.shrU(1).shrU(back)).shrU(32);
  return significand.mul(whole).add(significand.mul(fraction).shrU(32));
}
