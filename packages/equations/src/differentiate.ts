// Reverse-mode differentiation: the adjoint of a graph as further values of the same graph.
//
// A scan's adjoint is a scan in the other direction whose body is the adjoint of one step: backpropagation through
// time (Werbos 1990). What a step contributes to a value outside the loop leaves it as a stack and is summed there, so a
// weight's gradient is one outer product over batch and time.
import type { GraphBuilder } from './builder.ts';
import { sortAxes } from './builder.ts';
import type { Axis, Computed, Scan, Shape, Value } from './ir.ts';
import { argumentsOf } from './ir.ts';

/** Gradients as values of the graph. */
export interface Gradients {
  /** Gradient by value, for the values asked; undefined where the result does not depend on it. */
  readonly of: (id: number) => number | undefined;
  /**
   * Total derivative by each carry's value after each step, over batch and time, by the carry's name: ∂L/∂h[t] with
   * every path from step t on. Present for the carries that the result depends on.
   */
  readonly carries: ReadonlyMap<string, number>;
}

/**
 * Differentiates `result` (or, with several, the sum of each one's product with its own `seed`).
 * @param wanted - values whose gradient is needed; everything else is left out.
 */
export function differentiate(
  builder: GraphBuilder,
  results: readonly { readonly result: number; readonly seed: number }[],
  wanted: readonly number[],
): Gradients {
  const differentiation = new Differentiation(builder, new Set(wanted));
  return differentiation.run(results);
}

class Differentiation {
  readonly #builder: GraphBuilder;
  readonly #adjoints = new Map<number, number>();
  readonly #stackAdjoints = new Map<number, Map<number, number>>();
  readonly #finalAdjoints = new Map<number, Map<number, number>>();
  readonly #carries = new Map<string, number>();
  /** Values that depend on a wanted one: no others need an adjoint. */
  readonly #active: ReadonlySet<number>;

  constructor(builder: GraphBuilder, wanted: ReadonlySet<number>) {
    this.#builder = builder;
    this.#active = dependents(builder, wanted);
  }

  run(results: readonly { readonly result: number; readonly seed: number }[]): Gradients {
    for (const { result, seed } of results) this.#accumulate(result, seed);
    const last = Math.max(-1, ...results.map(({ result }) => result));
    for (let id = last; id >= 0; id--) {
      const value = this.#builder.at(id);
      if (value.scope >= 0) continue;
      if (value.op === 'scan') this.#scan(value.scan);
      const adjoint = this.#adjoints.get(id);
      if (adjoint !== undefined) this.#visit(value, adjoint);
    }
    return { of: (id) => this.#adjoints.get(id), carries: this.#carries };
  }

  #visit(value: Value, adjoint: number): void {
    if (value.op === 'stack') add(this.#builder, nested(this.#stackAdjoints, value.scan), value.args[0], adjoint);
    else if (value.op === 'final') add(this.#builder, nested(this.#finalAdjoints, value.scan), value.index, adjoint);
    else if ('args' in value) {
      for (const { arg, local } of contributions(this.#builder, value)) {
        if (this.#active.has(arg))
          this.#accumulate(
            arg,
            local(adjoint, (id) => id),
          );
      }
    }
  }

  /** Adds to a value's adjoint what has its shape and axes or more, summed down to them. */
  #accumulate(id: number, contribution: number): void {
    const { shape, over } = this.#builder.at(id);
    add(this.#builder, this.#adjoints, id, fit(this.#builder, contribution, shape, over));
  }

  #scan(number: number): void {
    const stacks = this.#stackAdjoints.get(number);
    const finals = this.#finalAdjoints.get(number);
    if (!stacks && !finals) return;
    const builder = this.#builder;
    const scan = builder.scans[number] as Scan;
    const inits = scan.carries.map(({ leaf }, index) => {
      const adjoint = finals?.get(index);
      const zero = builder.constant(0, builder.shape(leaf));
      return builder.expand(adjoint ?? zero, builder.shape(leaf), ['batch']);
    });
    const opened = builder.openScan(
      !scan.reverse,
      scan.carries.map(({ name }, index) => ({ name: `∂${name}`, init: inits[index] as number })),
    );
    const step = new StepAdjoint(builder, scan, this.#active);
    const { nexts, leaving, totals } = step.run(opened.leaves, stacks ?? new Map());
    builder.closeScan(opened, nexts);
    for (const { arg, sum } of leaving) this.#accumulate(arg, sum());
    for (const [name, total] of totals) this.#carries.set(name, builder.stack(total));
    scan.carries.forEach(({ init }, index) => {
      if (this.#active.has(init)) this.#accumulate(init, builder.final(opened.scan, index));
    });
  }
}

/** The adjoint of one step of a scan, built inside the adjoint scan. */
class StepAdjoint {
  readonly #builder: GraphBuilder;
  readonly #scan: Scan;
  readonly #active: ReadonlySet<number>;
  readonly #adjoints = new Map<number, number>();
  readonly #leaving: Leaving[] = [];

  constructor(builder: GraphBuilder, scan: Scan, active: ReadonlySet<number>) {
    this.#builder = builder;
    this.#scan = scan;
    this.#active = active;
  }

  run(carryAdjoints: readonly number[], stacks: ReadonlyMap<number, number>) {
    const builder = this.#builder;
    const { carries, body } = this.#scan;
    for (const [id, adjoint] of stacks) this.#accumulate(id, adjoint);
    carries.forEach(({ next }, index) => {
      this.#accumulate(next, carryAdjoints[index] as number);
    });
    for (const id of [...body].reverse()) {
      const value = builder.at(id);
      const adjoint = this.#adjoints.get(id);
      if (adjoint === undefined || !('args' in value) || value.op === 'stack') continue;
      for (const each of contributions(builder, value)) this.#route(each, adjoint);
    }
    // Complete only now: other equations of the same step read the new state too.
    const totals = carries.map(({ name, next }) => [name, this.#adjoints.get(next)] as const);
    const nexts = carries.map(({ leaf }) => {
      const adjoint = this.#adjoints.get(leaf) ?? builder.constant(0, builder.shape(leaf));
      return builder.expand(adjoint, builder.shape(leaf), ['batch']);
    });
    const present = totals.flatMap(([name, total]) => (total === undefined ? [] : [[name, total] as const]));
    return { nexts, leaving: this.#leaving, totals: present };
  }

  /**
   * Adds a contribution where its argument is: in the loop, or outside after the loop. What leaves is computed at each
   * step and summed over the steps outside, except a product, which is made of all steps at once.
   */
  #route({ arg, local, product }: Contribution, adjoint: number): void {
    const builder = this.#builder;
    if (!this.#active.has(arg)) return;
    const stacked = (id: number) => builder.stack(id);
    if (builder.at(arg).scope >= 0) this.#accumulate(arg, local(adjoint, stacked));
    else if (product) this.#leaving.push({ arg, sum: () => local(atEveryStep(builder, adjoint), stacked) });
    else {
      const atStep = local(adjoint, stacked);
      this.#leaving.push({ arg, sum: () => atEveryStep(builder, atStep) });
    }
  }

  /** A carry's next may be a value from outside the loop: then its adjoint leaves at once. */
  #accumulate(id: number, contribution: number): void {
    const builder = this.#builder;
    const { shape, over, scope } = builder.at(id);
    if (scope < 0) {
      if (this.#active.has(id)) this.#leaving.push({ arg: id, sum: () => atEveryStep(builder, contribution) });
      return;
    }
    add(builder, this.#adjoints, id, fit(builder, contribution, shape, over, true));
  }
}

/** What a step adds to the adjoint of a value outside the loop. */
interface Leaving {
  readonly arg: number;
  /** Makes its sum over the steps; only once the loop is closed, since it reads the loop's stacks. */
  readonly sum: () => number;
}

/** A share in an argument's adjoint, from the result's adjoint `g` and primal values as `read` gives them. */
type Local = (g: number, read: (id: number) => number) => number;

/** What a value's adjoint contributes to that of one of its arguments. */
interface Contribution {
  readonly arg: number;
  readonly local: Local;
  /** Whether it multiplies tensors, so that all steps together are one product. */
  readonly product: boolean;
}

/** What a value's adjoint contributes to those of its arguments: each primitive's adjoint, in one place. */
function contributions(b: GraphBuilder, value: Computed): Contribution[] {
  const [x = 0, y = 0] = value.args;
  const each = (arg: number, local: Local): Contribution => ({ arg, local, product: false });
  const to = (arg: number, local: Local): Contribution => ({ arg, local, product: true });
  const one = b.constant(1);
  const zero = b.constant(0);
  switch (value.op) {
    case 'exp':
      return [each(x, (g, read) => b.multiply(g, read(value.id)))];
    case 'log':
      return [each(x, (g, read) => b.divide(g, read(x)))];
    case 'sqrt':
      return [each(x, (g, read) => b.divide(b.multiply(b.constant(0.5), g), read(value.id)))];
    case 'abs':
      return [each(x, (g, read) => b.where(read(x), zero, g, b.where(zero, read(x), b.negate(g), zero)))];
    case 'sin':
      return [each(x, (g, read) => b.multiply(g, b.unary('cos', read(x))))];
    case 'cos':
      return [each(x, (g, read) => b.negate(b.multiply(g, b.unary('sin', read(x)))))];
    case 'tanh':
      return [each(x, (g, read) => b.multiply(g, b.subtract(one, b.multiply(read(value.id), read(value.id)))))];
    case 'sigmoid':
      return [each(x, (g, read) => b.multiply(g, b.multiply(read(value.id), b.subtract(one, read(value.id)))))];
    case 'softplus':
      return [each(x, (g, read) => b.multiply(g, b.unary('sigmoid', read(x))))];
    case 'erf':
      return [each(x, (g, read) => b.multiply(g, gaussian(b, read(x))))];
    case 'add':
      return [each(x, (g) => g), each(y, (g) => g)];
    case 'subtract':
      return [each(x, (g) => g), each(y, (g) => b.negate(g))];
    case 'multiply':
      return [each(x, (g, read) => b.multiply(g, read(y))), each(y, (g, read) => b.multiply(g, read(x)))];
    case 'divide':
      return [
        each(x, (g, read) => b.divide(g, read(y))),
        each(y, (g, read) => b.negate(b.divide(b.multiply(g, read(value.id)), read(y)))),
      ];
    case 'maximum':
      return [
        each(x, (g, read) => b.where(read(y), read(x), zero, g)),
        each(y, (g, read) => b.where(read(y), read(x), g, zero)),
      ];
    case 'minimum':
      return [
        each(x, (g, read) => b.where(read(x), read(y), zero, g)),
        each(y, (g, read) => b.where(read(x), read(y), g, zero)),
      ];
    case 'where': {
      const [greater = 0, than = 0, yes = 0, no = 0] = value.args;
      return [
        each(yes, (g, read) => b.where(read(greater), read(than), g, zero)),
        each(no, (g, read) => b.where(read(greater), read(than), zero, g)),
      ];
    }
    case 'matmul': {
      const { transposed } = value;
      const over = b.at(x).over;
      return [
        to(x, (g, read) => (transposed ? b.outer(read(y), g, over) : b.outer(g, read(y), over))),
        each(y, (g, read) => b.matmul(read(x), g, !transposed)),
      ];
    }
    case 'outer':
      return [to(x, (g, read) => b.matmul(g, read(y), false)), to(y, (g, read) => b.matmul(g, read(x), true))];
    case 'sum':
    case 'expand':
      return value.args.map((arg) => each(arg, (g) => g));
    case 'largest': {
      const { along } = value;
      return [each(x, (g, read) => b.multiply(g, b.firstLargest(read(x), along)))];
    }
    case 'firstLargest':
    case 'random':
      return [];
    case 'join':
      return joinContributions(b, value.args);
    case 'slice': {
      const size = b.shape(x)[0] ?? 0;
      const { from, to: end } = value;
      return [each(x, (g) => b.join([...zerosOf(b, from), g, ...zerosOf(b, size - end)]))];
    }
    case 'gather':
      return [to(x, (g, read) => b.scatterAdd(read(y), g, value.axis, b.shape(x), b.at(x).over))];
    case 'scatterAdd':
      return [to(y, (g, read) => b.gather(g, read(x), value.axis))];
    case 'view': {
      if (value.stop) return [];
      if (!value.rename) return [each(x, (g) => g)];
      const axis = b.at(x).over.includes('time') ? 'time' : 'time*';
      return [to(x, (g) => b.rename(g, axis))];
    }
    case 'scan':
      return [];
  }
}

function joinContributions(b: GraphBuilder, args: readonly number[]): Contribution[] {
  let start = 0;
  return args.map((arg) => {
    const shape = b.shape(arg);
    const from = start;
    start += shape[0] ?? 1;
    const end = start;
    const local: Local = (g) => {
      const part = b.slice(g, from, end);
      return shape.length === 0 ? b.sumUnits(part) : part;
    };
    return { arg, local, product: false };
  });
}

function zerosOf(b: GraphBuilder, size: number): number[] {
  return size > 0 ? [b.constant(0, [size])] : [];
}

/** 2/√π · exp(−x²), the derivative of erf. */
function gaussian(b: GraphBuilder, x: number): number {
  return b.multiply(b.constant(1.1283791670955126), b.unary('exp', b.negate(b.multiply(x, x))));
}

function nested(map: Map<number, Map<number, number>>, key: number): Map<number, number> {
  const inner = map.get(key) ?? new Map<number, number>();
  map.set(key, inner);
  return inner;
}

function add(b: GraphBuilder, adjoints: Map<number, number>, key: number, contribution: number): void {
  const before = adjoints.get(key);
  adjoints.set(key, before === undefined ? contribution : b.add(before, contribution));
}

/** A loop's value as a stack over its steps; what is the same at each step is repeated, since it counts at each. */
function atEveryStep(b: GraphBuilder, id: number): number {
  return b.expand(b.stack(id), b.shape(id), ['batch', 'time']);
}

/**
 * Brings a contribution to exactly a value's shape and axes: sums what was broadcast, repeats what is constant. Inside a
 * loop a value over time stands for its element at the step, so time is no axis there.
 */
function fit(b: GraphBuilder, contribution: number, shape: Shape, over: readonly Axis[], inLoop = false): number {
  const summed = shape.length === 0 && b.shape(contribution).length > 0 ? b.sumUnits(contribution) : contribution;
  const has = b.at(summed).over;
  const kept = has.filter((axis) => over.includes(axis) || (inLoop && axis === 'time'));
  const fitted = kept.length < has.length ? b.sumAxes(summed, sortAxes(kept)) : summed;
  return b.expand(fitted, shape, over);
}

/** Everything that depends on a wanted value, loops included. */
function dependents(builder: GraphBuilder, wanted: ReadonlySet<number>): ReadonlySet<number> {
  const active = new Set(wanted);
  let before = -1;
  // A carry depends on its next, which comes after it: repeat until nothing is added.
  while (active.size !== before) {
    before = active.size;
    for (const value of builder.values) {
      if (!active.has(value.id) && dependsOn(builder, value, active)) active.add(value.id);
    }
  }
  return active;
}

function dependsOn(builder: GraphBuilder, value: Value, active: ReadonlySet<number>): boolean {
  if (value.op === 'carry' || value.op === 'final') {
    const carry = builder.scans[value.scan]?.carries[value.index];
    return carry !== undefined && (active.has(carry.init) || active.has(carry.next));
  }
  if (value.op === 'view' && value.stop) return false;
  return argumentsOf(value).some((arg) => active.has(arg));
}
