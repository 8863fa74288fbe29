// Computes a primitive at a run of positions: which loop it takes, and how its operands lie.
import type { Binary, Computed, Graph, Unary, Value } from './ir.ts';
import {
  addOuters,
  addTo,
  binaryLoops,
  firstLargest,
  matrixVector,
  transposedMatrixVector,
  unaryLoops,
} from './kernels.ts';
import type { Slot } from './slots.ts';

/**
 * Computes `n` positions. The first has its numbers at the offsets `at` (the result's, then the arguments'), each next
 * one `step` further. It may change `at`.
 */
export type Kernel = (at: Int32Array, step: Int32Array, n: number) => void;

/** The kernel of a primitive, on the slots of its result and its arguments. */
export function kernelOf(value: Computed, graph: Graph, out: Slot, args: readonly Slot[]): Kernel {
  const [a, b] = args as readonly [Slot, Slot];
  const shapes = value.args.map((id) => (graph.values[id] as Value).shape);
  const { size } = out;
  switch (value.op) {
    case 'where':
      return where(out, args as readonly [Slot, Slot, Slot, Slot]);
    case 'matmul': {
      const [rows = 0, columns = 0] = shapes[0] ?? [];
      const product = value.transposed ? transposedMatrixVector : matrixVector;
      return eachPosition((at) =>
        product(out.data, offset(at, 0), a.data, offset(at, 1), b.data, offset(at, 2), rows, columns),
      );
    }
    case 'outer':
      return outer(out, a, b);
    case 'sum':
      if (value.along === 'axes')
        return eachPosition((at) => addTo(out.data, offset(at, 0), 1, a.data, offset(at, 1), size));
      return eachPosition((at) => {
        const from = offset(at, 1);
        let sum = 0;
        for (let i = 0; i < a.size; i++) sum += a.data[from + i] as number;
        out.data[offset(at, 0)] = sum;
      });
    case 'largest':
      return eachPosition((at) => {
        const from = offset(at, 1);
        out.data[offset(at, 0)] = a.data[from + firstLargest(a.data, from, a.size, 1)] as number;
      });
    case 'firstLargest':
      return eachPosition((at) => {
        const to = offset(at, 0);
        out.data.fill(0, to, to + size);
        out.data[to + firstLargest(a.data, offset(at, 1), a.size, 1)] = 1;
      });
    case 'expand': {
      const step = a.size === size ? 1 : 0;
      return eachPosition((at) => copy(out, offset(at, 0), a, offset(at, 1), step, size));
    }
    case 'join':
      return eachPosition((at) => {
        let to = offset(at, 0);
        args.forEach((part, k) => {
          copy(out, to, part, offset(at, k + 1), 1, part.size);
          to += part.size;
        });
      });
    case 'slice': {
      const { from } = value;
      return eachPosition((at) => copy(out, offset(at, 0), a, offset(at, 1) + from, 1, size));
    }
    case 'gather': {
      const { first, step } = tableRow(shapes[0] ?? [], value.axis);
      return eachPosition((at) => {
        const row = offset(at, 1) + (b.data[offset(at, 2)] as number) * first;
        copy(out, offset(at, 0), a, row, step, size);
      });
    }
    case 'scatterAdd': {
      const { first, step } = tableRow(value.shape, value.axis);
      return eachPosition((at) => {
        const row = offset(at, 0) + (a.data[offset(at, 1)] as number) * first;
        addTo(out.data, row, step, b.data, offset(at, 2), b.size);
      });
    }
    case 'view':
      return eachPosition((at) => copy(out, offset(at, 0), a, offset(at, 1), 1, size));
    case 'random':
    case 'scan':
      throw new RangeError(`"${value.op}" has no kernel`);
    default:
      return args.length === 1 ? unary(value.op as Unary, out, a) : binary(value.op as Binary, out, a, b);
  }
}

function offset(at: Int32Array, operand: number): number {
  return at[operand] as number;
}

/** One position after the other. */
function eachPosition(one: (at: Int32Array) => void): Kernel {
  return (at, step, n) => {
    for (let i = 0; i < n; i++) {
      one(at);
      for (let k = 0; k < at.length; k++) at[k] = (at[k] as number) + (step[k] as number);
    }
  };
}

function copy(out: Slot, o: number, a: Slot, x: number, step: number, n: number): void {
  const [to, from] = [out.data, a.data];
  for (let i = 0; i < n; i++) to[o + i] = from[x + i * step] as number;
}

/** Arguments of a unary function have its result's shape and axes. */
function unary(op: Unary, out: Slot, a: Slot): Kernel {
  const loop = unaryLoops[op];
  return (at, _, n) => loop(out.data, offset(at, 0), a.data, offset(at, 1), n * out.size);
}

function binary(op: Binary, out: Slot, a: Slot, b: Slot): Kernel {
  const loop = binaryLoops[op];
  const { size } = out;
  const [p, q] = [within(a, size), within(b, size)];
  const each = eachPosition((at) =>
    loop(out.data, offset(at, 0), a.data, offset(at, 1), p, b.data, offset(at, 2), q, size),
  );
  return (at, step, n) => {
    const [x, y] = [along(a, size, offset(step, 1)), along(b, size, offset(step, 2))];
    const flat = n > 1 && step[0] === size && x !== undefined && y !== undefined;
    if (flat) loop(out.data, offset(at, 0), a.data, offset(at, 1), x, b.data, offset(at, 2), y, n * size);
    else each(at, step, n);
  };
}

function where(out: Slot, [a, b, yes, no]: readonly [Slot, Slot, Slot, Slot]): Kernel {
  const { size } = out;
  const [p, q, r, s] = [within(a, size), within(b, size), within(yes, size), within(no, size)];
  return eachPosition((at) => {
    const [o, i, j, k, l] = [offset(at, 0), offset(at, 1), offset(at, 2), offset(at, 3), offset(at, 4)];
    for (let e = 0; e < size; e++) {
      const greater = (a.data[i + e * p] as number) > (b.data[j + e * q] as number);
      out.data[o + e] = (greater ? yes.data[k + e * r] : no.data[l + e * s]) as number;
    }
  });
}

/** Distance of an operand's numbers inside a position: a scalar beside a vector repeats. */
function within(slot: Slot, size: number): number {
  return slot.size === size ? 1 : 0;
}

/** Distance of an operand's numbers where all positions are taken as one run; undefined where it does not lie so. */
function along(slot: Slot, size: number, step: number): number | undefined {
  if (slot.size === size && step === size) return 1;
  return slot.size === 1 && step === 0 ? 0 : undefined;
}

/** Positions that are summed into one matrix are taken together. */
function outer(out: Slot, a: Slot, b: Slot): Kernel {
  const vectors = ({ data, size }: Slot, from: number, step: number) => ({ data, size, from, step });
  const sum = (at: Int32Array, step: Int32Array, n: number) => {
    const [left, right] = [vectors(a, offset(at, 1), offset(step, 1)), vectors(b, offset(at, 2), offset(step, 2))];
    addOuters(out.data, offset(at, 0), left, right, n);
  };
  return (at, step, n) => (step[0] === 0 ? sum(at, step, n) : eachPosition((one) => sum(one, step, 1))(at, step, n));
}

/** Distance of a table's rows (or columns), and of the numbers of one. */
function tableRow(shape: readonly number[], axis: 0 | 1): { readonly first: number; readonly step: number } {
  const columns = shape[1] ?? 1;
  return axis === 0 ? { first: columns, step: 1 } : { first: 1, step: columns };
}
