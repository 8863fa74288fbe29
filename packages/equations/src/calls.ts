// Lowers the language's functions to primitives.

import { sortAxes } from './builder.ts';
import type { Unary } from './ir.ts';
import type { Lowering } from './lower.ts';
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

/** Lowers a call. */
export function lowerCall(lowering: Lowering, call: Call): number {
  const { builder } = lowering;
  const { callee, subscript } = call;
  if (callee === 'where') return where(lowering, call);
  if (callee === 'dropout' || callee === 'dropoutSequence') return dropout(lowering, call);
  if (callee === 'zoneout') return zoneout(lowering, call);
  if (callee === 'last') return last(lowering, call);
  const [first = 0, second] = call.arguments.map((argument) => lowering.dense(argument));
  if (unaries.has(callee)) return builder.unary(callee as Unary, first);
  if (subscript !== undefined) return overIndex(lowering, callee, first, lowering.axisOf(subscript));
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
      throw mistake('EQUATION_NAME', lowering.analysed.module, call.span, {
        found: `function "${callee}"`,
        expected: 'a function of the language',
      });
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
  const [condition, yes, no] = call.arguments;
  if (condition?.kind !== 'binary' || !yes || !no)
    throw mistake('EQUATION_SHAPE', lowering.analysed.module, call.span, {
      found: 'where without a comparison',
      expected: 'where(a > b, x, y)',
    });
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
  const axes = lowering.maskAxes(call.callee === 'dropout' ? 'step' : 'sequence');
  const mask = builder.random(lowering.placement.nextSite(), keep, 1 / keep, builder.shape(value), axes);
  const second = builder.at(value).over.includes('time*') && axes.includes('time');
  return builder.multiply(value, second ? builder.rename(mask, 'time*') : mask);
}

/** Keeps the old value of a unit with probability `rate`; their mixture outside training (Krueger et al. 2017). */
function zoneout(lowering: Lowering, call: Call): number {
  const { builder } = lowering;
  const [fresh, old, rateExpression] = call.arguments as [Expression, Expression, Expression];
  const [next, previous] = [lowering.dense(fresh), lowering.dense(old)];
  const rate = rateOf(lowering, rateExpression);
  if (rate === 0) return next;
  const axes = lowering.maskAxes('step');
  const mask = builder.random(lowering.placement.nextSite(), rate, 1, builder.shape(next), axes);
  const rest = builder.subtract(builder.constant(1), mask);
  return builder.add(builder.multiply(mask, previous), builder.multiply(rest, next));
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
  const axis = lowering.axisOf(call.subscript ?? 's');
  const value = lowering.dense(operand);
  const parts = lowering.boundInput(operand)?.parts ?? [{ from: 0, to: builder.shape(value)[0] ?? 1, reverse: false }];
  if (builder.shape(value).length === 0) return stepAt(builder, value, axis, false);
  return builder.join(
    parts.map(({ from, to, reverse }) => stepAt(builder, builder.slice(value, from, to), axis, reverse)),
  );
}

/** The value at the last true step, or at the first; 0 for an empty sequence. */
function stepAt(builder: Lowering['builder'], value: number, axis: 'time' | 'time*', first: boolean): number {
  const zero = builder.constant(0);
  const position = builder.position(axis);
  const chosen = first
    ? builder.where(builder.constant(0.5), position, value, zero)
    : builder.where(builder.add(position, builder.constant(1.5)), builder.length(), value, zero);
  return builder.sumAxes(chosen, ['batch']);
}

/** `sum_s`, `mean_s`, `max_s`, `min_s`, `softmax_s`: over the true positions of a sequence, 0 where there are none. */
function overIndex(lowering: Lowering, callee: string, value: number, axis: 'time' | 'time*'): number {
  const { builder } = lowering;
  const ranging = builder.expand(value, builder.shape(value), ['batch', axis]);
  switch (callee) {
    case 'sum':
      return sumOver(lowering, ranging, axis);
    case 'mean': {
      const total = sumOver(lowering, ranging, axis);
      return builder.divide(total, builder.binary('maximum', builder.constant(1), countOf(lowering, axis)));
    }
    case 'max':
      return largestOver(lowering, ranging, axis);
    case 'min':
      return builder.negate(largestOver(lowering, builder.negate(ranging), axis));
    default: {
      if (axis === 'time') lowering.needsWholeSequence(`softmax over all steps needs the whole sequence`);
      const largest = builder.stop(builder.largest(ranging, axis));
      const powers = builder.unary('exp', builder.subtract(ranging, largest));
      return builder.divide(powers, builder.sumAxes(powers, without(lowering, powers, axis)));
    }
  }
}

/** Pooling over the main axis goes on from what earlier calls have summed, so that it streams. */
function sumOver(lowering: Lowering, value: number, axis: 'time' | 'time*'): number {
  const { builder } = lowering;
  const total = builder.sumAxes(value, without(lowering, value, axis));
  if (axis === 'time*') return total;
  return lowering.carryAcrossCalls(lowering.freshStateName('sum'), builder.shape(value), (before) =>
    builder.add(before, total),
  );
}

function countOf(lowering: Lowering, axis: 'time' | 'time*'): number {
  const { builder } = lowering;
  if (axis === 'time*') return builder.length();
  return lowering.carryAcrossCalls('count', [], (before) => builder.add(before, builder.length()));
}

function largestOver(lowering: Lowering, value: number, axis: 'time' | 'time*'): number {
  const { builder } = lowering;
  const [zero, half] = [builder.constant(0), builder.constant(0.5)];
  const largest = builder.largest(value, axis);
  const any = builder.where(builder.length(), half, largest, zero);
  if (axis === 'time*') return any;
  const after = countOf(lowering, axis);
  const earlier = builder.subtract(after, builder.length());
  return lowering.carryAcrossCalls(lowering.freshStateName('max'), builder.shape(value), (before) => {
    const both = builder.where(earlier, half, builder.binary('maximum', before, any), any);
    return builder.where(builder.length(), half, both, before);
  });
}

function without({ builder }: Lowering, value: number, axis: 'time' | 'time*') {
  return sortAxes(builder.at(value).over.filter((each) => each !== axis));
}
