// Evaluates a graph in float64, one row of the batch at a time: the reference that every backend is tested against.
//
// A row has exactly its true steps, so there is no padding that could leak. Values over no batch axis are computed once
// before the rows; those that sum over rows collect while the rows go by, in row order; what follows from them comes last.
import type { Axis, Computed, Graph, Scan, Value } from './ir.ts';
import { argumentsOf, sizeOf } from './ir.ts';
import { addOuter, addTo, binaryLoops, matrixVector, transposedMatrixVector, unaryLoops } from './kernels.ts';

/** Where the interpreter gets the leaves' values; arrays are read only while a row is computed. */
export interface Environment {
  /** Number of rows. */
  readonly rows: number;
  /** A parameter's values, row-major. */
  readonly parameter: (name: string) => Float64Array;
  /** True steps of a row. */
  readonly length: (row: number) => number;
  /** Steps of the row's sequence before this batch. */
  readonly start: (row: number) => number;
  /** Fills a row's input: `[steps × size]`, or `[size]` where it is not over time. */
  readonly input: (name: string, row: number, out: Float64Array) => void;
  /** Fills a row's state. */
  readonly state: (name: string, row: number, out: Float64Array) => void;
  /** Fills a row's mask of one step (or of the sequence where `step` is undefined): `n` units from `offset`. */
  readonly mask: (draw: MaskDraw, out: Float64Array, offset: number, n: number) => void;
}

/** One draw of a mask. */
export interface MaskDraw {
  readonly site: number;
  readonly row: number;
  /** Number of the step in the whole sequence, from 0; undefined for one mask per sequence. */
  readonly step: number | undefined;
  readonly probability: number;
  readonly high: number;
}

/** A value's numbers. For a value over batch they are those of the row at hand and change with the next row. */
export interface Result {
  /** Its numbers: `[time?, time*?, …shape]`. */
  readonly data: Float64Array;
  /** How many of them count. */
  readonly length: number;
}

interface Slot {
  data: Float64Array;
  readonly size: number;
  /** Numbers per step and per second position depend on the row's length, so strides are taken at run time. */
  readonly time: boolean;
  readonly second: boolean;
}

/** How a value reads an operand or writes itself: its slot, and whether the loop's step picks an element of it. */
interface Access {
  readonly slot: Slot;
  readonly element: boolean;
}

type Phase = 'shared' | 'row' | 'collected' | 'after';

/** A graph ready to be evaluated any number of times. */
export class Interpreter {
  readonly #graph: Graph;
  readonly #needed: ReadonlySet<number>;
  readonly #phases: readonly Phase[];
  readonly #slots = new Map<number, Slot>();
  readonly #stacks = new Map<number, number>();
  readonly #shared: (() => void)[] = [];
  readonly #rowPlan: (() => void)[] = [];
  readonly #after: (() => void)[] = [];
  readonly #collected: Slot[] = [];
  #environment: Environment | undefined;
  #row = 0;
  #steps = 0;
  #start = 0;
  #step = 0;

  /** @param results - the values that will be asked for; what they do not need is not computed. */
  constructor(graph: Graph, results: readonly number[]) {
    this.#graph = graph;
    this.#needed = reachable(graph, results);
    this.#phases = phasesOf(graph);
    for (const value of graph.values) {
      if (value.op === 'stack' && this.#needed.has(value.id)) this.#stacks.set(value.args[0], value.id);
    }
    for (const value of graph.values) if (this.#needed.has(value.id)) this.#plan(value);
  }

  /**
   * Evaluates all rows.
   * @param onRow - called after each row, when its values can be read.
   */
  run(environment: Environment, onRow: (row: number, steps: number) => void = () => {}): void {
    this.#environment = environment;
    for (const run of this.#shared) run();
    for (const slot of this.#collected) slot.data.fill(0);
    for (let row = 0; row < environment.rows; row++) {
      this.#row = row;
      this.#steps = environment.length(row);
      this.#start = environment.start(row);
      for (const run of this.#rowPlan) run();
      onRow(row, this.#steps);
    }
    for (const run of this.#after) run();
    this.#environment = undefined;
  }

  /** Numbers of one of the results. */
  read(id: number): Result {
    const slot = this.#slotOf(this.#value(id));
    return { data: slot.data, length: this.#lengthOf(slot) };
  }

  #value(id: number): Value {
    return this.#graph.values[id] as Value;
  }

  #slotOf(value: Value): Slot {
    const known = this.#slots.get(value.id);
    if (known) return known;
    const { shape, over } = value;
    const size = sizeOf(shape);
    const [time, second] = [over.includes('time'), over.includes('time*')];
    const slot: Slot = {
      data: new Float64Array(time || second || value.op === 'parameter' ? 0 : size),
      size,
      time,
      second,
    };
    this.#slots.set(value.id, slot);
    return slot;
  }

  /** A body value that is stacked writes straight into its stack. */
  #access(id: number, scope: number): Access {
    const value = this.#value(id);
    const stack = value.scope >= 0 ? this.#stacks.get(id) : undefined;
    const holder = stack === undefined ? value : this.#value(stack);
    const slot = this.#slotOf(holder);
    return { slot, element: scope >= 0 && slot.time };
  }

  #lengthOf(slot: Slot): number {
    return slot.size * (slot.time ? this.#steps : 1) * (slot.second ? this.#steps : 1);
  }

  #ensure(slot: Slot): void {
    const length = this.#lengthOf(slot);
    if (slot.data.length < length) slot.data = new Float64Array(Math.max(length, 2 * slot.data.length));
  }

  #plan(value: Value): void {
    if (value.scope >= 0) return;
    const phase = this.#phases[value.id];
    const run = this.#runnerOf(value);
    if (!run) return;
    if (phase === 'shared') this.#shared.push(run);
    else if (phase === 'after') this.#after.push(run);
    else this.#rowPlan.push(run);
    if (phase === 'collected') this.#collected.push(this.#slotOf(value));
  }

  #runnerOf(value: Value): (() => void) | undefined {
    switch (value.op) {
      case 'constant': {
        const slot = this.#slotOf(value);
        slot.data.fill(value.value);
        return undefined;
      }
      case 'stack':
        return undefined; // Filled by its scan.
      case 'scan':
        return this.#scanRunner(this.#graph.scans[value.scan] as Scan);
      case 'final': {
        const scan = this.#graph.scans[value.scan] as Scan;
        const leaf = scan.carries[value.index]?.leaf as number;
        const [slot, from] = [this.#slotOf(value), this.#leafSlot(leaf)];
        return () => slot.data.set(from.data.subarray(0, slot.size));
      }
      case 'carry':
        return undefined;
      default:
        return 'args' in value ? this.#computedRunner(value) : this.#leafRunner(value);
    }
  }

  #leafRunner(value: Value): () => void {
    const slot = this.#slotOf(value);
    const environment = () => this.#environment as Environment;
    switch (value.op) {
      case 'parameter':
        return () => {
          slot.data = environment().parameter(value.name);
        };
      case 'input':
        return () => {
          this.#ensure(slot);
          environment().input(value.name, this.#row, slot.data);
        };
      case 'state':
        return () => environment().state(value.name, this.#row, slot.data);
      case 'position':
        return () => {
          this.#ensure(slot);
          for (let i = 0; i < this.#steps; i++) slot.data[i] = i;
        };
      case 'length':
        return () => {
          slot.data[0] = this.#steps;
        };
      case 'start':
        return () => {
          slot.data[0] = this.#start;
        };
      default:
        throw new RangeError(`"${value.op}" is not a leaf`);
    }
  }

  /** A carry's own place: not its stack, since it changes while the stack keeps what it was. */
  #leafSlot(leaf: number): Slot {
    return this.#slotOf(this.#value(leaf));
  }

  #scanRunner(scan: Scan): () => void {
    const body = scan.body.filter((id) => this.#needed.has(id));
    const number = this.#value(body[0] ?? scan.carries[0]?.leaf ?? 0).scope;
    const stacked = [...body, ...scan.carries.map(({ leaf }) => leaf)].flatMap((id) => this.#stacks.get(id) ?? []);
    const stackSlots = stacked.map((id) => this.#slotOf(this.#value(id)));
    const carries = scan.carries.map(({ init, leaf, next }) => {
      const stack = this.#stacks.get(leaf);
      return {
        init: this.#slotOf(this.#value(init)),
        leaf: this.#leafSlot(leaf),
        stack: stack === undefined ? undefined : this.#slotOf(this.#value(stack)),
        next: this.#access(next, number),
        hold: new Float64Array(sizeOf(this.#value(leaf).shape)),
      };
    });
    const runs = body.flatMap((id) => {
      const value = this.#value(id);
      return 'args' in value && value.op !== 'stack' ? [this.#computedRunner(value as Computed)] : [];
    });
    return () => {
      const steps = this.#steps;
      for (const slot of stackSlots) this.#ensure(slot);
      for (const { init, leaf } of carries) leaf.data.set(init.data.subarray(0, leaf.size));
      for (let i = 0; i < steps; i++) {
        const step = scan.reverse ? steps - 1 - i : i;
        this.#step = step;
        for (const { leaf, stack } of carries) if (stack) stack.data.set(leaf.data, step * leaf.size);
        for (const run of runs) run();
        for (const { next, hold } of carries) {
          const from = next.element ? step * hold.length : 0;
          for (let k = 0; k < hold.length; k++) hold[k] = next.slot.data[from + k] as number;
        }
        for (const { leaf, hold } of carries) leaf.data.set(hold);
      }
    };
  }

  #computedRunner(value: Computed): () => void {
    const { scope } = value;
    const out = this.#access(value.id, scope);
    const args = value.args.map((id) => {
      const leaf = this.#value(id);
      if (leaf.op === 'carry' && leaf.scope === scope) return { slot: this.#leafSlot(id), element: false };
      return this.#access(id, scope);
    });
    if (value.op === 'random') return this.#randomRunner(value, out.slot);
    if ((value.op === 'largest' || value.op === 'firstLargest') && value.along !== 'units') {
      return this.#axisRunner(value, out, args[0] as Access);
    }
    const axes = iterationAxes(this.#graph, value);
    const kernel = kernelOf(value, this.#graph, out, args);
    const operands = [out, ...args];
    const offsets = new Int32Array(operands.length);
    const accumulates = summing(value) && this.#phases[value.id] !== 'collected';
    const start = value.op === 'sum' ? args[1] : undefined;
    // A stack is sized by its scan; anything else of a row may have to grow.
    const grows = !out.element && (out.slot.time || out.slot.second);
    const flat = flatLength(value, operands);
    return () => {
      if (grows) this.#ensure(out.slot);
      const steps = this.#steps;
      const timeSize = (slot: Slot) => (slot.second ? steps * slot.size : slot.size);
      const setBase = () => {
        for (let k = 0; k < operands.length; k++) {
          const { slot, element } = operands[k] as Access;
          offsets[k] = element ? this.#step * timeSize(slot) : 0;
        }
      };
      setBase();
      if (accumulates) {
        const from = offsets[0] as number;
        const length = out.element ? timeSize(out.slot) : this.#lengthOf(out.slot);
        if (start) out.slot.data.set(start.slot.data.subarray(offsets[2], (offsets[2] as number) + length), from);
        else out.slot.data.fill(0, from, from + length);
      }
      const outer = axes.time ? steps : 1;
      const inner = axes.second ? steps : 1;
      if (flat) {
        kernel(offsets, outer * inner);
        return;
      }
      for (let t = 0; t < outer; t++) {
        for (let s = 0; s < inner; s++) {
          for (let k = 0; k < operands.length; k++) {
            const { slot, element } = operands[k] as Access;
            const time = element ? this.#step : slot.time ? t : 0;
            offsets[k] = time * timeSize(slot) + (slot.second ? s * slot.size : 0);
          }
          kernel(offsets, 1);
        }
      }
    };
  }

  /** Largest along a sequence axis, for each unit (and each position of the other axis, where there is one). */
  #axisRunner(value: Computed & { readonly op: 'largest' | 'firstLargest' }, out: Access, arg: Access): () => void {
    const alongTime = value.along === 'time';
    const both = arg.slot.time && arg.slot.second && !arg.element;
    return () => {
      const steps = this.#steps;
      const { size } = arg.slot;
      if (!out.element) this.#ensure(out.slot);
      const row = arg.slot.second ? steps * size : size;
      const base = arg.element ? this.#step * row : 0;
      const [stride, otherStride] = alongTime ? [row, size] : [size, row];
      const outRow = out.slot.second ? steps * size : size;
      const outBase = out.element ? this.#step * outRow : 0;
      for (let other = 0; other < (both ? steps : 1); other++) {
        for (let unit = 0; unit < size; unit++) {
          const from = base + other * otherStride + unit;
          const best = largestOf(arg.slot.data, from, steps, stride);
          if (value.op === 'largest') out.slot.data[outBase + other * size + unit] = best.value;
          else {
            const to = outBase + other * otherStride + unit;
            for (let i = 0; i < steps; i++) out.slot.data[to + i * stride] = i === best.index ? 1 : 0;
          }
        }
      }
    };
  }

  #randomRunner(value: Computed & { readonly op: 'random' }, slot: Slot): () => void {
    const { site, probability, high } = value;
    return () => {
      this.#ensure(slot);
      const environment = this.#environment as Environment;
      const draws = slot.time ? this.#steps : 1;
      const units = slot.second ? this.#steps * slot.size : slot.size;
      for (let i = 0; i < draws; i++) {
        const step = slot.time ? this.#start + i : undefined;
        environment.mask({ site, row: this.#row, step, probability, high }, slot.data, i * units, units);
      }
    };
  }
}

/** Computes `n` positions (more than one only where all operands lie flat) from the offsets of result and arguments. */
type Kernel = (offsets: Int32Array, n: number) => void;

function kernelOf(value: Computed, graph: Graph, out: Access, args: readonly Access[]): Kernel {
  const o = out.slot;
  const [a, b, c, d] = args.map(({ slot }) => slot) as [Slot, Slot, Slot, Slot];
  const shapes = value.args.map((id) => (graph.values[id] as Value).shape);
  const { size } = o;
  const stepOf = (slot: Slot) => (slot.size === 1 && size > 1 ? 0 : 1);
  switch (value.op) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum': {
      const loop = binaryLoops[value.op];
      return (at, n) => {
        const x = n > 1 ? flatStep(a) : stepOf(a);
        const y = n > 1 ? flatStep(b) : stepOf(b);
        loop(o.data, at[0] as number, a.data, at[1] as number, x, b.data, at[2] as number, y, n * size);
      };
    }
    case 'where': {
      const [p, q, r, s] = [stepOf(a), stepOf(b), stepOf(c), stepOf(d)];
      return (at) => {
        const z = at[0] as number;
        const i = at[1] as number;
        const j = at[2] as number;
        const k = at[3] as number;
        const l = at[4] as number;
        for (let e = 0; e < size; e++) {
          const greater = (a.data[i + e * p] as number) > (b.data[j + e * q] as number);
          o.data[z + e] = (greater ? c.data[k + e * r] : d.data[l + e * s]) as number;
        }
      };
    }
    case 'matmul': {
      const [rows = 0, columns = 0] = shapes[0] ?? [];
      const product = value.transposed ? transposedMatrixVector : matrixVector;
      return (at) => product(o.data, at[0] as number, a.data, at[1] as number, b.data, at[2] as number, rows, columns);
    }
    case 'outer':
      return (at) =>
        addOuter(o.data, at[0] as number, a.data, at[1] as number, a.size, b.data, at[2] as number, b.size);
    case 'sum':
      if (value.along === 'axes') return (at) => addTo(o.data, at[0] as number, 1, a.data, at[1] as number, size);
      return (at) => {
        let sum = 0;
        for (let i = 0; i < a.size; i++) sum += a.data[(at[1] as number) + i] as number;
        o.data[at[0] as number] = sum;
      };
    case 'largest':
    case 'firstLargest':
      return largestKernel(value, o, a);
    case 'expand': {
      const step = a.size === size ? 1 : 0;
      return (at) => {
        for (let i = 0; i < size; i++) o.data[(at[0] as number) + i] = a.data[(at[1] as number) + i * step] as number;
      };
    }
    case 'join':
      return (at) => {
        let to = at[0] as number;
        args.forEach(({ slot }, k) => {
          for (let i = 0; i < slot.size; i++) o.data[to++] = slot.data[(at[k + 1] as number) + i] as number;
        });
      };
    case 'slice': {
      const { from } = value;
      return (at) => {
        for (let i = 0; i < size; i++) o.data[(at[0] as number) + i] = a.data[(at[1] as number) + from + i] as number;
      };
    }
    case 'gather': {
      const { first, step } = tableRow(shapes[0] ?? [], value.axis);
      return (at) => {
        const from = (at[1] as number) + (b.data[at[2] as number] as number) * first;
        for (let i = 0; i < size; i++) o.data[(at[0] as number) + i] = a.data[from + i * step] as number;
      };
    }
    case 'scatterAdd': {
      const { first, step } = tableRow(value.shape, value.axis);
      return (at) => {
        const to = (at[0] as number) + (a.data[at[1] as number] as number) * first;
        addTo(o.data, to, step, b.data, at[2] as number, b.size);
      };
    }
    case 'view':
      return (at, n) => {
        for (let i = 0; i < n * size; i++) o.data[(at[0] as number) + i] = a.data[(at[1] as number) + i] as number;
      };
    case 'random':
    case 'scan':
      throw new RangeError(`"${value.op}" has no kernel`);
    default: {
      const loop = unaryLoops[value.op];
      return (at, n) => loop(o.data, at[0] as number, a.data, at[1] as number, n * size);
    }
  }
}

/** Distance of a table's rows (or columns) and of the elements of one. */
function tableRow(shape: readonly number[], axis: 0 | 1): { readonly first: number; readonly step: number } {
  const columns = shape[1] ?? 1;
  return axis === 0 ? { first: columns, step: 1 } : { first: 1, step: columns };
}

/** Over the units of one position. */
function largestKernel(value: Computed & { readonly op: 'largest' | 'firstLargest' }, o: Slot, a: Slot): Kernel {
  if (value.op === 'largest') {
    return (at) => {
      o.data[at[0] as number] = largestOf(a.data, at[1] as number, a.size, 1).value;
    };
  }
  return (at) => {
    const to = at[0] as number;
    o.data.fill(0, to, to + o.size);
    o.data[to + largestOf(a.data, at[1] as number, a.size, 1).index] = 1;
  };
}

/** The first largest of `n` numbers, −∞ of none; NaN counts as largest, so that it propagates. */
function largestOf(data: Float64Array, from: number, n: number, stride: number): { value: number; index: number } {
  let index = 0;
  for (let i = 1; i < n; i++) {
    const best = data[from + index * stride] as number;
    const next = data[from + i * stride] as number;
    if (next > best || (Number.isNaN(next) && !Number.isNaN(best))) index = i;
  }
  return { value: n > 0 ? (data[from + index * stride] as number) : -Infinity, index };
}

/** Step of an operand that lies flat: constants repeat. */
function flatStep(slot: Slot): number {
  return slot.size === 1 && !slot.time && !slot.second ? 0 : 1;
}

/** Whether all operands can be taken as one flat run of numbers. */
function flatLength(value: Computed, operands: readonly Access[]): boolean {
  const flattens = value.op in binaryLoops || value.op in unaryLoops || value.op === 'view';
  const [out] = operands;
  if (!flattens || !out || out.element) return false;
  // A view over the other sequence axis has the same numbers in the same order.
  if (value.op === 'view' && value.rename) return true;
  return operands.every(({ slot, element }) => {
    const alike = slot.size === out.slot.size && slot.time === out.slot.time && slot.second === out.slot.second;
    const constant = slot.size === 1 && !slot.time && !slot.second;
    return !element && (alike || (constant && value.op in binaryLoops));
  });
}

/** Sums into its result instead of setting it. */
function summing(value: Computed): boolean {
  return value.op === 'outer' || value.op === 'scatterAdd' || (value.op === 'sum' && value.along === 'axes');
}

/** Axes that a value's computation runs over besides the batch: its own and those that it sums. */
function iterationAxes(graph: Graph, value: Computed): { readonly time: boolean; readonly second: boolean } {
  const own = value.op === 'view' ? [] : value.args.map((id) => graph.values[id] as Value);
  const over = [value, ...own].flatMap((each) => each.over);
  const has = (axis: Axis) => over.includes(axis);
  return { time: has('time') && value.scope < 0, second: has('time*') };
}

function reachable(graph: Graph, results: readonly number[]): ReadonlySet<number> {
  const needed = new Set<number>();
  const pending = [...results];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    const value = graph.values[id] as Value;
    pending.push(...argumentsOf(value));
    if (value.op === 'stack' || value.op === 'final' || value.op === 'carry')
      pending.push(...scanNeeds(graph, value.scan));
  }
  return needed;
}

/** A scan that runs at all needs its carries. */
function scanNeeds(graph: Graph, number: number): number[] {
  const scan = graph.scans[number] as Scan;
  const node = graph.values.find((value) => value.op === 'scan' && value.scan === number);
  return [...scan.carries.flatMap(({ init, leaf, next }) => [init, leaf, next]), ...(node ? [node.id] : [])];
}

function phasesOf(graph: Graph): readonly Phase[] {
  const phases: Phase[] = [];
  for (const value of graph.values) {
    const before = argumentsOf(value).map((id) => phases[id]);
    const late = before.some((phase) => phase === 'collected' || phase === 'after');
    if (late && value.over.includes('batch')) throw new RangeError('a value of one row depends on a sum over rows');
    if (value.over.includes('batch')) phases.push('row');
    else if (late) phases.push('after');
    else phases.push(before.includes('row') ? 'collected' : 'shared');
  }
  return phases;
}
