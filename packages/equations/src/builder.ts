// Builds a graph value by value: infers axes and scopes, shares equal values, folds constants.
//
// A value lands in a scan's body only if an argument is there, so whatever does not depend on a carry is hoisted out of
// the loop by construction: `Wxh @ x[t]` becomes one product over all steps.
import type { Axis, Binary, Carry, Computed, Graph, Leaf, Scan, Shape, Unary, Value } from './ir.ts';

/** Names of all that tells values apart, so that equal ones have one text whatever order they were written in. */
const fields: string[] = [
  ...['args', 'axis', 'along', 'classes', 'from', 'high', 'index', 'name', 'op', 'over', 'probability', 'rename'],
  ...['scan', 'scope', 'shape', 'site', 'stop', 'to', 'transposed', 'value'],
];

const axisOrder: readonly Axis[] = ['batch', 'time', 'time*'];

type Draft<V> = V extends Value ? Omit<V, 'id' | 'scope'> & { readonly scope?: number } : never;
type ComputedDraft = Computed extends infer C ? (C extends Computed ? Omit<C, 'id' | 'scope' | 'over'> : never) : never;

/** A scan under construction. */
export interface OpenScan {
  /** Its number. */
  readonly scan: number;
  /** Leaves of its carries. */
  readonly leaves: readonly number[];
}

/** Collects values. All methods return the new (or an equal older) value's id. */
export class GraphBuilder implements Graph {
  /** All values, in order. */
  readonly values: Value[] = [];
  /** All scans. */
  readonly scans: Scan[] = [];
  #known = new Map<string, number>();
  #openScans = new Map<number, { reverse: boolean; names: readonly string[]; inits: readonly number[] }>();

  /** A builder that goes on from the same values by itself. */
  fork(): GraphBuilder {
    const copy = new GraphBuilder();
    copy.values.push(...this.values);
    copy.scans.push(...this.scans);
    copy.#known = new Map(this.#known);
    return copy;
  }

  /** The value of an id. */
  at(id: number): Value {
    const value = this.values[id];
    if (!value) throw new RangeError(`no value ${id} in this graph`);
    return value;
  }

  /** Shape of a value. */
  shape(id: number): Shape {
    return this.at(id).shape;
  }

  /** One number everywhere in a shape. */
  constant(value: number, shape: Shape = []): number {
    return this.#add({ op: 'constant', value, shape, over: [] });
  }

  /** Whether a value is a constant, and of this number where one is given. */
  isConstant(id: number, number?: number): boolean {
    const value = this.at(id);
    return value.op === 'constant' && (number === undefined || Object.is(value.value, number));
  }

  /** A parameter, by name. */
  parameter(name: string, shape: Shape): number {
    return this.#add({ op: 'parameter', name, shape, over: [] });
  }

  /** Something that a batch brings; `classes` > 0 for class numbers. */
  input(name: string, shape: Shape, over: readonly Axis[], classes = 0): number {
    return this.#add({ op: 'input', name, shape, over, classes });
  }

  /** A state before the first step. */
  state(name: string, shape: Shape): number {
    return this.#add({ op: 'state', name, shape, over: ['batch'] });
  }

  /** Place in the sequence, from 0. */
  position(axis: 'time' | 'time*'): number {
    return this.#add({ op: 'position', axis, shape: [], over: ['batch', axis] });
  }

  /** True number of steps. */
  length(): number {
    return this.#add({ op: 'length', shape: [], over: ['batch'] });
  }

  /** Steps of the sequence before this batch. */
  start(): number {
    return this.#add({ op: 'start', shape: [], over: ['batch'] });
  }

  /** An elementwise function of one argument. */
  unary(op: Unary, arg: number): number {
    return this.#compute({ op, args: [arg], shape: this.shape(arg) });
  }

  /** Shapes must be equal, or one a scalar. */
  binary(op: Binary, left: number, right: number): number {
    const [a, b] = [this.at(left), this.at(right)];
    if (a.op === 'constant' && b.op === 'constant') {
      return this.constant(fold(op, a.value, b.value), a.shape.length > 0 ? a.shape : b.shape);
    }
    const keepsLeft = a.shape.length >= b.shape.length;
    const keepsRight = b.shape.length >= a.shape.length;
    if (op === 'multiply' && this.isConstant(left, 1) && keepsRight) return right;
    if ((op === 'multiply' || op === 'divide') && this.isConstant(right, 1) && keepsLeft) return left;
    return this.#compute({ op, args: [left, right], shape: this.#wider(left, right) });
  }

  /** left + right */
  add(left: number, right: number): number {
    return this.binary('add', left, right);
  }

  /** left − right */
  subtract(left: number, right: number): number {
    return this.binary('subtract', left, right);
  }

  /** left · right, elementwise */
  multiply(left: number, right: number): number {
    return this.binary('multiply', left, right);
  }

  /** left ÷ right */
  divide(left: number, right: number): number {
    return this.binary('divide', left, right);
  }

  /** −arg */
  negate(arg: number): number {
    return this.multiply(this.constant(-1), arg);
  }

  /** `a > b ? x : y`, elementwise. */
  where(a: number, b: number, x: number, y: number): number {
    const args = [a, b, x, y] as const;
    const shape = args.map((id) => this.shape(id)).reduce((wide, each) => (each.length > wide.length ? each : wide));
    return this.#compute({ op: 'where', args, shape });
  }

  /** matrix @ vector, or matrixᵀ @ vector. */
  matmul(matrix: number, vector: number, transposed = false): number {
    const [rows = 0, columns = 0] = this.shape(matrix);
    const shape = [transposed ? columns : rows];
    return this.#compute({ op: 'matmul', args: [matrix, vector], transposed, shape });
  }

  /** Summed over the axes that `over` lacks. */
  outer(a: number, b: number, over: readonly Axis[]): number {
    const shape = [this.shape(a)[0] ?? 1, this.shape(b)[0] ?? 1];
    return this.#compute({ op: 'outer', args: [a, b], shape }, over);
  }

  /** Sum of all elements of each position. */
  sumUnits(arg: number): number {
    return this.#compute({ op: 'sum', along: 'units', args: [arg], shape: [] });
  }

  /** Sums over the axes that `over` lacks, starting from `initial` (of the result's shape and axes) or from 0. */
  sumAxes(arg: number, over: readonly Axis[], initial?: number): number {
    const args = initial === undefined ? [arg] : [arg, initial];
    return this.#compute({ op: 'sum', along: 'axes', args, shape: this.shape(arg) }, over);
  }

  /** Largest along the units or an axis. */
  largest(arg: number, along: 'units' | 'time' | 'time*'): number {
    const shape = along === 'units' ? [] : this.shape(arg);
    const over = this.at(arg).over.filter((axis) => axis !== along);
    return this.#compute({ op: 'largest', along, args: [arg], shape }, over);
  }

  /** 1 at the first largest along the units or an axis, else 0. */
  firstLargest(arg: number, along: 'units' | 'time' | 'time*'): number {
    return this.#compute({ op: 'firstLargest', along, args: [arg], shape: this.shape(arg) });
  }

  /** Repeats `arg` to `shape` and `over`; `arg` itself where nothing is to be repeated. */
  expand(arg: number, shape: Shape, over: readonly Axis[]): number {
    const { shape: has, over: ranges } = this.at(arg);
    if (has.length === shape.length && over.every((axis) => ranges.includes(axis))) return arg;
    return this.#compute({ op: 'expand', args: [arg], shape }, sortAxes([...ranges, ...over]));
  }

  /** Vectors and scalars one behind the other. */
  join(args: readonly number[]): number {
    const [only] = args;
    if (args.length === 1 && only !== undefined && this.shape(only).length === 1) return only;
    const size = args.reduce((sum, id) => sum + (this.shape(id)[0] ?? 1), 0);
    return this.#compute({ op: 'join', args, shape: [size] });
  }

  /** Elements `from` (inclusive) to `to` (exclusive) of a vector. */
  slice(arg: number, from: number, to: number): number {
    if (from === 0 && to === this.shape(arg)[0]) return arg;
    return this.#compute({ op: 'slice', args: [arg], from, to, shape: [to - from] });
  }

  /** The row (axis 0) or column (axis 1) of a table that a class number names. */
  gather(table: number, ids: number, axis: 0 | 1): number {
    const shape = this.shape(table).filter((_, place) => place !== axis);
    return this.#compute({ op: 'gather', args: [table, ids], axis, shape });
  }

  /** Summed over the axes that `over` lacks. */
  scatterAdd(ids: number, value: number, axis: 0 | 1, shape: Shape, over: readonly Axis[]): number {
    return this.#compute({ op: 'scatterAdd', args: [ids, value], axis, shape }, over);
  }

  /** A random mask; `site` is its number in the network. */
  random(site: number, probability: number, high: number, shape: Shape, over: readonly Axis[]): number {
    return this.#add({ op: 'random', site, probability, high, shape, over, args: [] });
  }

  /** The same numbers without a gradient. */
  stop(arg: number): number {
    return this.#compute({ op: 'view', args: [arg], stop: true, rename: false, shape: this.shape(arg) });
  }

  /** The same numbers as a value of its own, whose gradient is complete before it joins others of `arg`. */
  same(arg: number): number {
    return this.#compute({ op: 'view', args: [arg], stop: false, rename: false, shape: this.shape(arg) });
  }

  /** The same numbers over the other sequence axis. */
  rename(arg: number, to: 'time' | 'time*'): number {
    const from = to === 'time' ? 'time*' : 'time';
    const value = this.at(arg);
    if (!value.over.includes(from)) return arg;
    const over = sortAxes(value.over.map((axis) => (axis === from ? to : axis)));
    return this.#compute({ op: 'view', args: [arg], stop: false, rename: true, shape: value.shape }, over);
  }

  /** Begins a scan; close it with {@link closeScan}. */
  openScan(reverse: boolean, carries: readonly { readonly name: string; readonly init: number }[]): OpenScan {
    const scan = this.scans.length;
    this.scans.push({ reverse, carries: [], body: [] });
    this.#openScans.set(scan, { reverse, names: carries.map((c) => c.name), inits: carries.map((c) => c.init) });
    const leaves = carries.map(({ init }, index) =>
      this.#add({ op: 'carry', scan, index, shape: this.shape(init), over: ['batch'], scope: scan }),
    );
    return { scan, leaves };
  }

  /** Ends a scan with each carry's value after a step. */
  closeScan({ scan, leaves }: OpenScan, nexts: readonly number[]): void {
    const open = this.#openScans.get(scan);
    if (!open) throw new RangeError(`scan ${scan} is not open`);
    this.#openScans.delete(scan);
    const carries = leaves.map(
      (leaf, index): Carry => ({
        name: open.names[index] as string,
        init: open.inits[index] as number,
        leaf,
        next: nexts[index] as number,
      }),
    );
    const body = this.values.filter((value) => value.scope === scan).map(({ id }) => id);
    this.scans[scan] = { reverse: open.reverse, carries, body };
    this.#add({ op: 'scan', scan, args: carries.map(({ init }) => init), shape: [], over: ['batch'] });
  }

  /** A body value at every step; an outer value is itself. */
  stack(id: number): number {
    const value = this.at(id);
    if (value.scope < 0) return id;
    const over = sortAxes([...value.over, 'batch', 'time']);
    return this.#add({ op: 'stack', scan: value.scope, args: [id], shape: value.shape, over });
  }

  /** A carry after the last step. */
  final(scan: number, index: number): number {
    const carry = this.scans[scan]?.carries[index] as Carry;
    return this.#add({ op: 'final', scan, index, shape: this.shape(carry.leaf), over: ['batch'] });
  }

  #wider(left: number, right: number): Shape {
    const [a, b] = [this.shape(left), this.shape(right)];
    return a.length >= b.length ? a : b;
  }

  /** Axes and scope follow from the arguments; `over` overrides the axes where some are summed or added. */
  #compute(draft: ComputedDraft, over?: readonly Axis[]): number {
    const values = draft.args.map((id) => this.at(id));
    const scope = Math.max(-1, ...values.map((value) => value.scope));
    const union = sortAxes(values.flatMap((value) => value.over));
    const kept = (over ?? union).filter((axis) => scope < 0 || axis !== 'time');
    return this.#add({ ...draft, over: sortAxes(kept), scope });
  }

  #add(draft: Draft<Leaf> | Draft<Computed>): number {
    const complete = { scope: -1, ...draft };
    const key = JSON.stringify(complete, fields) + specialNumber(complete);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.values.length;
    this.values.push({ ...complete, id } as Value);
    this.#known.set(key, id);
    return id;
  }
}

/** Axes once each, in the order batch, time, time*. */
export function sortAxes(axes: readonly Axis[]): readonly Axis[] {
  return axisOrder.filter((axis) => axes.includes(axis));
}

/** JSON writes −0, NaN and ∞ alike, so equal keys need their own spelling of these. */
function specialNumber(draft: object): string {
  if (!('value' in draft) || typeof draft.value !== 'number') return '';
  return Object.is(draft.value, -0) ? '-0' : String(draft.value);
}

function fold(op: Binary, a: number, b: number): number {
  switch (op) {
    case 'add':
      return a + b;
    case 'subtract':
      return a - b;
    case 'multiply':
      return a * b;
    case 'divide':
      return a / b;
    case 'maximum':
      return a >= b || Number.isNaN(a) ? a : b;
    case 'minimum':
      return a <= b || Number.isNaN(a) ? a : b;
  }
}
