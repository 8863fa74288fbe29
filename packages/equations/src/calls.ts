// Lowers the language's functions to primitives.

import { type GraphBuilder, sortAxes } from './builder.ts';
import type { Axis, Shape, Unary } from './ir.ts';
import type { Lowering, Part, Range } from './lowering.ts';
import { mistake } from './mistake.ts';
import type { Expression } from './syntax/ast.ts';

type Call = Expression & { readonly kind: 'call' };

const unaries: ReadonlySet<string> = new Set<Unary>([
  'exp',
  'log',
  'sqrt',
  'abs',
  'sin',
  'cos',
  'tanh',
  'sigmoid',
  'softplus',
]);

/** Added to the variance in layerNorm. */
const layerNormEpsilon = 1e-5;

/** Lowers a call. The parser lets only the language's functions through, with as many arguments as they take. */
export function lowerCall(lowering: Lowering, call: Call): number {
  const { builder } = lowering;
  const { callee, subscript } = call;
  if (callee === 'where') return where(lowering, call);
  if (callee === 'dropout' || callee === 'dropoutSequence') return dropout(lowering, call);
  if (callee === 'zoneout') return zoneout(lowering, call);
  if (callee === 'last') return last(lowering, call);
  const [first, second] = call.arguments.map((argument) => lowering.dense(argument)) as [number, number?];
  if (unaries.has(callee)) return builder.unary(callee as Unary, first);
  if (subscript !== undefined) return overIndex(lowering, callee, first, lowering.rangeOf(subscript, call.span));
  switch (callee) {
    case 'relu':
      return builder.binary('maximum', builder.constant(0), first);
    case 'silu':
      return builder.multiply(first, builder.unary('sigmoid', first));
    case 'gelu':
      return gelu(lowering, first);
    case 'max':
      return second === undefined ? builder.largest(first, 'units') : builder.binary('maximum', first, second);
    case 'min':
      return second === undefined
        ? builder.negate(builder.largest(builder.negate(first), 'units'))
        : builder.binary('minimum', first, second);
    case 'sum':
      return builder.sumUnits(first);
    case 'mean':
      return mean(lowering, first);
    case 'softmax': {
      const powers = builder.unary('exp', builder.subtract(first, builder.stop(builder.largest(first, 'units'))));
      return builder.divide(powers, builder.sumUnits(powers));
    }
    case 'logSumExp': {
      const largest = builder.stop(builder.largest(first, 'units'));
      const powers = builder.unary('exp', builder.subtract(first, largest));
      return builder.add(largest, builder.unary('log', builder.sumUnits(powers)));
    }
    case 'layerNorm': {
      const centred = builder.subtract(first, mean(lowering, first));
      const variance = mean(lowering, builder.multiply(centred, centred));
      const deviation = builder.unary('sqrt', builder.add(variance, builder.constant(layerNormEpsilon)));
      return builder.divide(centred, deviation);
    }
    case 'stopGradient':
      return builder.stop(first);
    default:
      throw new RangeError(`"${callee}" is not a function of the language`);
  }
}

function mean({ builder }: Lowering, vector: number): number {
  return builder.divide(builder.sumUnits(vector), builder.constant(builder.shape(vector)[0] ?? 1));
}

/** x·Φ(x), exact (Hendrycks and Gimpel 2016). */
function gelu({ builder }: Lowering, x: number): number {
  const scaled = builder.multiply(x, builder.constant(Math.SQRT1_2));
  const both = builder.add(builder.constant(1), builder.unary('erf', scaled));
  return builder.multiply(builder.multiply(builder.constant(0.5), x), both);
}

function where(lowering: Lowering, call: Call): number {
  const [condition, yes, no] = call.arguments as [Expression & { readonly kind: 'binary' }, Expression, Expression];
  const sides = [lowering.dense(condition.left), lowering.dense(condition.right)] as const;
  const [a, b] = condition.operator === '>' ? sides : [sides[1], sides[0]];
  return lowering.builder.where(a, b, lowering.dense(yes), lowering.dense(no));
}

/** Inverted dropout: kept units are divided by the share that is kept (Srivastava et al. 2014, section 10). */
function dropout(lowering: Lowering, call: Call): number {
  const { builder } = lowering;
  const [operand, rateExpression] = call.arguments as [Expression, Expression];
  const value = lowering.dense(operand);
  const rate = rateOf(lowering, rateExpression);
  if (rate === 0) return value;
  const keep = 1 - rate;
  const axes = call.callee === 'dropout' ? lowering.maskAxes(value) : (['batch'] as const);
  return builder.multiply(value, mask(lowering, keep, 1 / keep, builder.shape(value), axes));
}

/** Keeps the old value of a unit with probability `rate`; their mixture outside training (Krueger et al. 2017). */
function zoneout(lowering: Lowering, call: Call): number {
  const { builder } = lowering;
  const [fresh, old, rateExpression] = call.arguments as [Expression, Expression, Expression];
  const given = [lowering.dense(fresh), lowering.dense(old)];
  const shape = given.map((id) => builder.shape(id)).reduce((wide, each) => (each.length > wide.length ? each : wide));
  const [next, previous] = given.map((id) => builder.expand(id, shape, [])) as [number, number];
  const rate = rateOf(lowering, rateExpression);
  if (rate === 0) return next;
  const axes = sortAxes([next, previous].flatMap((value) => lowering.maskAxes(value)));
  const keep = mask(lowering, rate, 1, shape, axes);
  const rest = builder.subtract(builder.constant(1), keep);
  return builder.add(builder.multiply(keep, previous), builder.multiply(rest, next));
}

/** A new site's mask; one over the second index alone has its steps' numbers. */
function mask(
  { builder, placement }: Lowering,
  probability: number,
  high: number,
  shape: Shape,
  axes: readonly Axis[],
): number {
  const onlySecond = axes.includes('time*') && !axes.includes('time');
  const over = onlySecond ? (['batch', 'time'] as const) : axes;
  const drawn = builder.random(placement.nextSite(), probability, high, shape, over);
  return onlySecond ? builder.rename(drawn, 'time*') : drawn;
}

function rateOf(lowering: Lowering, expression: Expression): number {
  const rate = lowering.constantOf(expression, 'a rate');
  if (rate >= 0 && rate < 1) return rate;
  throw mistake('EQUATION_CONSTANT', lowering.analysed.module, expression.span, {
    found: `rate ${rate}`,
    expected: 'a rate of at least 0 and below 1',
  });
}

/** The value at the last step that each direction has processed: the last true step, or for a backward one the first. */
function last(lowering: Lowering, call: Call): number {
  const { builder } = lowering;
  const [operand] = call.arguments as [Expression];
  const range = lowering.rangeOf(call.subscript as string, call.span);
  const value = overSteps(lowering, lowering.dense(operand), range);
  const shape = builder.shape(value);
  const whole: Part = { from: 0, to: shape[0] ?? 1, reverse: lowering.placement.reverse };
  const parts = (shape.length === 1 && lowering.boundInput(operand)?.parts) || [whole];
  const ends = parts.map(({ from, to, reverse }) =>
    stepAt(builder, shape.length === 1 ? builder.slice(value, from, to) : value, range, reverse),
  );
  const end = shape.length === 1 ? builder.join(ends) : (ends[0] as number);
  if (parts.some(({ reverse }) => reverse)) return end;
  const carried = lowering.carryAcrossCalls('last', shape, (before) =>
    before === undefined ? end : builder.where(range.length(), builder.constant(0.5), end, before),
  );
  return lowering.complete(carried);
}

/** The value at the last true step, or at the first; 0 for an empty sequence. */
function stepAt(builder: GraphBuilder, value: number, range: Range, first: boolean): number {
  const zero = builder.constant(0);
  const position = builder.position(range.axis);
  const chosen = first
    ? builder.where(builder.constant(0.5), position, value, zero)
    : builder.where(builder.add(position, builder.constant(1.5)), range.length(), value, zero);
  const within = onlyTrue(builder, chosen, range, 0);
  return builder.sumAxes(within, without(builder, within, range));
}

/** `sum_s`, `mean_s`, `max_s`, `min_s`, `softmax_s`: over the true positions of a sequence, 0 where there are none. */
function overIndex(lowering: Lowering, callee: string, value: number, range: Range): number {
  const { builder } = lowering;
  const ranging = overSteps(lowering, value, range);
  switch (callee) {
    case 'sum':
      return sumOver(lowering, ranging, range);
    case 'mean': {
      const total = sumOver(lowering, ranging, range);
      const count = lowering.complete(countOf(lowering, range));
      return builder.divide(total, builder.binary('maximum', builder.constant(1), count));
    }
    case 'max':
      return largestOver(lowering, ranging, range);
    case 'min':
      return builder.negate(largestOver(lowering, builder.negate(ranging), range));
    default:
      return softmaxOver(builder, ranging, range);
  }
}

function softmaxOver(builder: GraphBuilder, value: number, range: Range): number {
  const { axis, length, cut } = range;
  const largest = builder.stop(builder.largest(onlyTrue(builder, value, range, -Infinity), axis));
  // What is left out is e to the power of −∞, so that neither it nor its slope is anything but 0.
  const exponents = onlyTrue(builder, builder.subtract(value, largest), range, -Infinity);
  const powers = builder.unary('exp', exponents);
  const total = builder.sumAxes(powers, without(builder, powers, range));
  if (!cut) return builder.divide(powers, total);
  const some = builder.where(length(), builder.constant(0.5), total, builder.constant(1));
  return builder.divide(powers, some);
}

/** A value with `otherwise` in its place beyond the true positions, where the axis goes on there. */
function onlyTrue(builder: GraphBuilder, value: number, { axis, length, cut }: Range, otherwise: number): number {
  return cut ? builder.where(length(), builder.position(axis), value, builder.constant(otherwise)) : value;
}

/** A value that is the same at all steps counts at each. */
function overSteps({ builder }: Lowering, value: number, { axis }: Range): number {
  return builder.expand(value, builder.shape(value), ['batch', axis]);
}

/** What is summed goes on from what earlier calls have summed, so that it streams. */
function sumOver(lowering: Lowering, value: number, range: Range): number {
  const { builder } = lowering;
  const within = onlyTrue(builder, value, range, 0);
  const carried = lowering.carryAcrossCalls('sum', builder.shape(within), (before) =>
    builder.sumAxes(within, without(builder, within, range), before),
  );
  return lowering.complete(carried);
}

function countOf(lowering: Lowering, { length }: Range): number {
  const { builder } = lowering;
  const here = length();
  return lowering.carryAcrossCalls('count', [], (before) => (before === undefined ? here : builder.add(before, here)));
}

function largestOver(lowering: Lowering, value: number, range: Range): number {
  const { builder } = lowering;
  const { axis, length } = range;
  const [zero, half] = [builder.constant(0), builder.constant(0.5)];
  const any = builder.where(length(), half, builder.largest(onlyTrue(builder, value, range, -Infinity), axis), zero);
  const earlier = builder.subtract(countOf(lowering, range), length());
  const carried = lowering.carryAcrossCalls('max', builder.shape(value), (before) => {
    if (before === undefined) return any;
    const both = builder.where(earlier, half, builder.binary('maximum', before, any), any);
    return builder.where(length(), half, both, before);
  });
  return lowering.complete(carried);
}

function without(builder: GraphBuilder, value: number, { axis }: Range): readonly Axis[] {
  return sortAxes(builder.at(value).over.filter((each) => each !== axis));
}
