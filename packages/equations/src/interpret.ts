// Evaluates a graph in float64, one row of the batch at a time: the reference that every backend is tested against.
//
// A row has exactly its true steps, so there is no padding that could leak. Values over no batch axis are computed once
// before the rows; those that sum over rows collect while the rows go by, in row order; what follows from them comes last.
import type { Computed, Graph, Leaf, Scan, Value } from './ir.ts';
import { sizeOf } from './ir.ts';
import { firstLargest } from './kernels.ts';
import { type Phase, phasesOf, reachable } from './order.ts';
import { kernelOf } from './positions.ts';
import { type Access, grow, lengthOf, type Slot, slotFor, stepSize } from './slots.ts';

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
  /** The mask's number in the network. */
  readonly site: number;
  /** Row of the batch. */
  readonly row: number;
  /** Number of the step in the whole sequence, from 0; undefined for one mask per sequence. */
  readonly step: number | undefined;
  /** Of a unit being `high`. */
  readonly probability: number;
  /** What a unit is that is not 0. */
  readonly high: number;
}

/** A value's numbers. For a value over batch they are those of the row at hand and change with the next row. */
export interface Result {
  /** Its numbers: `[time?, time*?, …shape]`. */
  readonly data: Float64Array;
  /** How many of them count. */
  readonly length: number;
}

type Run = () => void;

/** Rounds numbers in place. */
export type Round = (values: Float64Array) => void;

/** A graph ready to be evaluated any number of times. */
export class Interpreter {
  readonly #graph: Graph;
  readonly #needed: ReadonlySet<number>;
  readonly #phases: readonly Phase[];
  readonly #slots = new Map<number, Slot>();
  /** The stack of a loop's value, by the value. */
  readonly #stacks = new Map<number, number>();
  readonly #plans: Readonly<Record<Phase, Run[]>> = { shared: [], row: [], collected: [], after: [] };
  readonly #collected: Slot[] = [];
  readonly #round: Round | undefined;
  #environment: Environment | undefined;
  #row = 0;
  #steps = 0;
  #start = 0;
  #step = 0;

  /**
   * @param results - the values that will be asked for; what they do not need is not computed.
   * @param round - of each value that is computed, to see what a precision below float64 makes of the equations.
   */
  constructor(graph: Graph, results: readonly number[], round?: Round) {
    this.#graph = graph;
    this.#round = round;
    this.#needed = reachable(graph, results);
    this.#phases = phasesOf(graph);
    for (const value of graph.values) {
      if (value.op === 'stack' && this.#needed.has(value.id)) this.#stacks.set(value.args[0], value.id);
    }
    for (const value of graph.values) if (this.#needed.has(value.id) && value.scope < 0) this.#plan(value);
  }

  /**
   * Evaluates all rows.
   * @param onRow - called after each row, when its values can be read.
   */
  run(environment: Environment, onRow: (row: number, steps: number) => void = () => {}): void {
    this.#environment = environment;
    for (const run of this.#plans.shared) run();
    for (const slot of this.#collected) slot.data.fill(0);
    for (let row = 0; row < environment.rows; row++) {
      this.#row = row;
      this.#steps = environment.length(row);
      this.#start = environment.start(row);
      for (const run of this.#plans.row) run();
      onRow(row, this.#steps);
    }
    for (const run of this.#plans.after) run();
    this.#environment = undefined;
  }

  /** Numbers of one of the results. */
  read(id: number): Result {
    const slot = this.#slotOf(id);
    return { data: slot.data, length: lengthOf(slot, this.#steps) };
  }

  #plan(value: Value): void {
    const phase = this.#phases[value.id] as Phase;
    const run = this.#runnerOf(value);
    // What is collected goes by with the rows, in order with what it is collected from.
    if (run) this.#plans[phase === 'collected' ? 'row' : phase].push(run);
    if (phase === 'collected') this.#collected.push(this.#slotOf(value.id));
  }

  #runnerOf(value: Value): Run | undefined {
    switch (value.op) {
      case 'constant':
        this.#slotOf(value.id).data.fill(value.value);
        this.#round?.(this.#slotOf(value.id).data);
        return undefined;
      case 'stack':
      case 'carry':
        return undefined; // Filled by their scan.
      case 'scan':
        return this.#scanRunner(value.scan);
      case 'final': {
        const leaf = this.#graph.scans[value.scan]?.carries[value.index]?.leaf as number;
        const [slot, from] = [this.#slotOf(value.id), this.#slotOf(leaf)];
        return () => slot.data.set(from.data.subarray(0, slot.size));
      }
      default:
        return 'args' in value ? this.#computedRunner(value) : this.#leafRunner(value);
    }
  }

  #leafRunner(value: Leaf): Run {
    const slot = this.#slotOf(value.id);
    const environment = () => this.#environment as Environment;
    switch (value.op) {
      case 'parameter':
        return () => {
          slot.data = environment().parameter(value.name);
        };
      case 'input':
        return () => {
          grow(slot, this.#steps);
          environment().input(value.name, this.#row, slot.data);
        };
      case 'state':
        return () => environment().state(value.name, this.#row, slot.data);
      case 'position':
        return () => {
          grow(slot, this.#steps);
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
        throw new RangeError(`"${value.op}" is not given from outside`);
    }
  }

  #scanRunner(number: number): Run {
    const scan = this.#graph.scans[number] as Scan;
    const body = scan.body.filter((id) => this.#needed.has(id));
    const stacks = body.flatMap((id) => this.#stacks.get(id) ?? []).map((id) => this.#slotOf(id));
    const carries = scan.carries.map(({ init, leaf, next }) => {
      const stack = this.#stacks.get(leaf);
      return {
        init: this.#slotOf(init),
        // Not its stack: it changes while the stack keeps what it was.
        leaf: this.#slotOf(leaf),
        stack: stack === undefined ? undefined : this.#slotOf(stack),
        next: this.#access(next, number),
        // All carries change at once, since one's next may be another.
        hold: new Float64Array(sizeOf(this.#value(leaf).shape)),
      };
    });
    const runs = body.flatMap((id) => {
      const value = this.#value(id);
      return 'args' in value ? [this.#computedRunner(value as Computed)] : [];
    });
    return () => {
      const steps = this.#steps;
      for (const slot of stacks) grow(slot, steps);
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

  #computedRunner(value: Computed): Run {
    const out = this.#access(value.id, value.scope);
    const [run, round] = [this.#exactRunner(value, out), this.#round];
    if (!round) return run;
    return () => {
      run();
      round(out.slot.data);
    };
  }

  #exactRunner(value: Computed, out: Access): Run {
    const { scope } = value;
    const args = value.args.map((id) => this.#access(id, scope));
    if (value.op === 'random') return this.#randomRunner(value, out.slot);
    const alongSteps = (value.op === 'largest' || value.op === 'firstLargest') && value.along !== 'units';
    if (alongSteps) return this.#largestRunner(value, out, args[0] as Access);

    const kernel = kernelOf(
      value,
      this.#graph,
      out.slot,
      args.map(({ slot }) => slot),
    );
    const operands = [out, ...args];
    const [at, step] = [new Int32Array(operands.length), new Int32Array(operands.length)];
    const { overTime, overSecond } = this.#axesOf(value);
    const strideOf = overSecond ? secondStride : timeStride;
    const renames = value.op === 'view' && value.rename;
    const begin = this.#beginner(value, out, args);
    return () => {
      const steps = this.#steps;
      begin?.();
      // A run of positions along one axis; where there are two, one run for each step.
      const runs = overTime && overSecond ? steps : 1;
      for (let t = 0; t < runs; t++) {
        for (let k = 0; k < operands.length; k++) {
          const operand = operands[k] as Access;
          const { slot, element } = operand;
          at[k] = slot.time ? (element ? this.#step : t) * stepSize(slot, steps) : 0;
          step[k] = renames ? slot.size : strideOf(operand, steps);
        }
        kernel(at, step, overTime || overSecond ? steps : 1);
      }
    };
  }

  /** Makes room for a result, and sets what sums into it. A stack is sized by its scan, a collected sum zeroed by `run`. */
  #beginner(value: Computed, out: Access, args: readonly Access[]): Run | undefined {
    const grows = !out.element && (out.slot.time || out.slot.second);
    const sums = value.op === 'outer' || value.op === 'scatterAdd' || (value.op === 'sum' && value.along === 'axes');
    const start = value.op === 'sum' ? args[1]?.slot : undefined;
    if (!grows && !sums) return undefined;
    if (!sums) return () => grow(out.slot, this.#steps);
    if (this.#phases[value.id] === 'collected') return undefined;
    return () => {
      if (grows) grow(out.slot, this.#steps);
      const { data } = out.slot;
      const length = out.element ? stepSize(out.slot, this.#steps) : lengthOf(out.slot, this.#steps);
      const from = out.element ? this.#step * length : 0;
      if (start) data.set(start.data.subarray(0, length), from);
      else data.fill(0, from, from + length);
    };
  }

  /** Largest along a sequence axis, for each unit (and each position of the other axis, where there is one). */
  #largestRunner(value: Computed & { readonly op: 'largest' | 'firstLargest' }, out: Access, arg: Access): Run {
    const alongTime = value.along === 'time';
    const both = arg.slot.time && arg.slot.second && !arg.element;
    return () => {
      const steps = this.#steps;
      const { size, data } = arg.slot;
      if (!out.element) grow(out.slot, steps);
      const row = stepSize(arg.slot, steps);
      const base = arg.element ? this.#step * row : 0;
      const [stride, otherStride] = alongTime ? [row, size] : [size, row];
      const outBase = out.element ? this.#step * stepSize(out.slot, steps) : 0;
      for (let other = 0; other < (both ? steps : 1); other++) {
        for (let unit = 0; unit < size; unit++) {
          const from = base + other * otherStride + unit;
          const place = firstLargest(data, from, steps, stride);
          if (value.op === 'largest') {
            const largest = steps > 0 ? (data[from + place * stride] as number) : -Infinity;
            out.slot.data[outBase + other * size + unit] = largest;
          } else {
            const to = outBase + other * otherStride + unit;
            for (let i = 0; i < steps; i++) out.slot.data[to + i * stride] = i === place ? 1 : 0;
          }
        }
      }
    };
  }

  #randomRunner(value: Computed & { readonly op: 'random' }, slot: Slot): Run {
    const { site, probability, high } = value;
    return () => {
      grow(slot, this.#steps);
      const environment = this.#environment as Environment;
      const draws = slot.time ? this.#steps : 1;
      const units = stepSize(slot, this.#steps);
      for (let i = 0; i < draws; i++) {
        const step = slot.time ? this.#start + i : undefined;
        environment.mask({ site, row: this.#row, step, probability, high }, slot.data, i * units, units);
      }
    };
  }

  #value(id: number): Value {
    return this.#graph.values[id] as Value;
  }

  #slotOf(id: number): Slot {
    const known = this.#slots.get(id) ?? slotFor(this.#value(id));
    this.#slots.set(id, known);
    return known;
  }

  /** A value as a scope reads or writes it. What is stacked is written straight into its stack; a carry into its own place. */
  #access(id: number, scope: number): Access {
    const value = this.#value(id);
    const stack = value.scope >= 0 && value.op !== 'carry' ? this.#stacks.get(id) : undefined;
    const slot = this.#slotOf(stack ?? id);
    return { slot, element: scope >= 0 && slot.time };
  }

  /** Axes that a value's computation runs over besides the batch: its own and those that it sums. */
  #axesOf(value: Computed): { readonly overTime: boolean; readonly overSecond: boolean } {
    const args = value.op === 'view' ? [] : value.args.map((id) => this.#value(id));
    const over = [value, ...args].flatMap((each) => each.over);
    return { overTime: over.includes('time') && value.scope < 0, overSecond: over.includes('time*') };
  }
}

/** How far apart an operand's numbers lie from one step to the next; 0 where it is the same at all. */
function timeStride({ slot, element }: Access, steps: number): number {
  return slot.time && !element ? stepSize(slot, steps) : 0;
}

/** The same from one position of the second index to the next. */
function secondStride({ slot }: Access): number {
  return slot.second ? slot.size : 0;
}
