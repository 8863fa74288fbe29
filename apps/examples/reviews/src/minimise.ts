// Minimises a smooth convex function of many variables: L-BFGS (Nocedal and Wright 2006, algorithm 7.4 and 7.5).

/** Gives the function's value at `point` and writes its gradient. */
export type Evaluate = (point: Float64Array, gradient: Float64Array) => number;

/** When to stop. */
export interface MinimiseOptions {
  /** Stop where no element of the gradient is larger than this. */
  readonly tolerance: number;
  /** Stop after this many steps all the same. */
  readonly steps: number;
  /** How many earlier steps shape the next one. */
  readonly memory?: number;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** The minimum, from `start`; the same bits each time for the same function. */
export function minimise(evaluate: Evaluate, start: Float64Array, options: MinimiseOptions): Float64Array {
  const { tolerance, steps, memory = 10 } = options;
  const pairs: Pair[] = [];
  let point = start;
  let gradient: Float64Array = new Float64Array(start.length);
  let value = evaluate(point, gradient);
  for (let count = 0; count < steps && largest(gradient) > tolerance; count += 1) {
    const direction = descent(gradient, pairs);
    const next = search(evaluate, point, value, gradient, direction, pairs.length === 0);
    if (next === undefined) break;
    const step = difference(next.point, point);
    const change = difference(next.gradient, gradient);
    const curvature = dot(step, change);
    if (curvature > 0) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    ({ point, value, gradient } = next);
  }
  return point;
}

/** −H·gradient, H an approximation of the inverse Hessian that the last steps give: the two-loop recursion. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((slope) => -slope);
  const factors: number[] = [];
  for (const { step, change, curvature } of [...pairs].reverse()) {
    const factor = dot(step, direction) / curvature;
    factors.push(factor);
    add(direction, -factor, change);
  }
  const last = pairs.at(-1);
  if (last) scale(direction, last.curvature / dot(last.change, last.change));
  for (const { step, change, curvature } of pairs)
    add(direction, (factors.pop() as number) - dot(change, direction) / curvature, step);
  return direction;
}

/** Halves the step until the value falls enough (Armijo); undefined where rounding lets it fall no further. */
function search(
  evaluate: Evaluate,
  point: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: boolean,
): { point: Float64Array; value: number; gradient: Float64Array } | undefined {
  const slope = dot(gradient, direction);
  let size = first ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
  for (let halvings = 0; halvings < 40; halvings += 1, size /= 2) {
    const trial = point.slice();
    add(trial, size, direction);
    const trialGradient = new Float64Array(point.length);
    const trialValue = evaluate(trial, trialGradient);
    if (trialValue <= value + 1e-4 * size * slope) return { point: trial, value: trialValue, gradient: trialGradient };
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function add(a: Float64Array, factor: number, b: Float64Array): void {
  for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) + factor * (b[i] as number);
}

function scale(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i += 1) a[i] = (a[i] as number) * factor;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - (b[i] as number));
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
