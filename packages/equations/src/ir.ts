// The intermediate representation: values of one graph in static single assignment, made of a closed list of primitives.
//
// Every value has a `shape` (what one position holds: scalar, vector or matrix) and is `over` some axes: `batch`,
// `time`, and `time*` for a second index over the same sequence. A parameter is over none. Values of a scan's body are
// in its `scope`; they have lost the scan's axis, since they exist for one step at a time.

/** Sizes of what one position holds: `[]`, `[n]` or `[m, n]`. */
export type Shape = readonly number[];

/** What a value ranges over besides its shape. */
export type Axis = 'batch' | 'time' | 'time*';

/** Elementwise functions of one argument. */
export type Unary = 'exp' | 'log' | 'sqrt' | 'abs' | 'sin' | 'cos' | 'tanh' | 'sigmoid' | 'softplus' | 'erf';

/** Elementwise functions of two arguments, of equal shapes or one a scalar. Ties of maximum and minimum go to the first. */
export type Binary = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';

/** What every value has. */
export interface ValueBase {
  /** Its number: its place in the graph, after all its arguments. */
  readonly id: number;
  /** What one position holds. */
  readonly shape: Shape;
  /** Its axes in the order batch, time, time*. */
  readonly over: readonly Axis[];
  /** The scan whose body it belongs to, or −1. */
  readonly scope: number;
}

/** A value that is given rather than computed. */
export type Leaf = ValueBase &
  (
    | { readonly op: 'constant'; readonly value: number }
    /** Trained, or for an optimizer's graph any tensor given by name. */
    | { readonly op: 'parameter'; readonly name: string }
    /** Numbers of one example; `classes` > 0 says that it holds a class number below that. */
    | { readonly op: 'input'; readonly name: string; readonly classes: number }
    /** State before the first step. */
    | { readonly op: 'state'; readonly name: string }
    /** Place in this batch's sequence, from 0. */
    | { readonly op: 'position'; readonly axis: 'time' | 'time*' }
    /** True number of steps in this batch. */
    | { readonly op: 'length' }
    /** Steps of the sequence before this batch. */
    | { readonly op: 'start' }
    /** A scan's carry before the step; in its body. */
    | { readonly op: 'carry'; readonly scan: number; readonly index: number }
    /** A body value of a scan at every step; 0 where a sequence has no such step. */
    | { readonly op: 'stack'; readonly scan: number; readonly args: readonly [number] }
    /** A scan's carry after the last step. */
    | { readonly op: 'final'; readonly scan: number; readonly index: number }
  );

/** A value made by a primitive. The list is closed: 30 primitives, each with its adjoint in differentiate.ts. */
export type Computed = ValueBase & { readonly args: readonly number[] } & (
    | { readonly op: Unary | Binary }
    /** `where(a > b, x, y)`: args a, b, x, y. */
    | { readonly op: 'where' }
    /** args W `[m, n]`, v `[n]` → `[m]`; transposed: v `[m]` → `[n]`. */
    | { readonly op: 'matmul'; readonly transposed: boolean }
    /** args a `[m]`, b `[n]` → `[m, n]`, summed over the axes that the result lacks. */
    | { readonly op: 'outer' }
    /** Sum over all units, or over the axes that the result lacks (true positions only); a second argument is what it starts from. */
    | { readonly op: 'sum'; readonly along: 'units' | 'axes' }
    /** Largest over the units or the sequence axis that the result lacks; −∞ where there is none. */
    | { readonly op: 'largest'; readonly along: 'units' | 'time' | 'time*' }
    /** 1 at the first largest along the units or axis, else 0. */
    | { readonly op: 'firstLargest'; readonly along: 'units' | 'time' | 'time*' }
    /** Repeats along a shape or axes. */
    | { readonly op: 'expand' }
    /** Vectors and scalars joined to one vector. */
    | { readonly op: 'join' }
    /** Elements `from` (inclusive) to `to` (exclusive) of a vector. */
    | { readonly op: 'slice'; readonly from: number; readonly to: number }
    /** args table, class number → its row (axis 0) or column (axis 1); a vector's element. */
    | { readonly op: 'gather'; readonly axis: 0 | 1 }
    /** args class number, value → a table of zeros with value added at its row or column, summed over lacking axes. */
    | { readonly op: 'scatterAdd'; readonly axis: 0 | 1 }
    /**
     * In training `high` with `probability`, else 0; otherwise its expectation. New at each step if over time; if over
     * time* too, the units of a step's positions are drawn in a row.
     */
    | { readonly op: 'random'; readonly site: number; readonly probability: number; readonly high: number }
    /** Runs its body over time; `scan` is its number in `Graph.scans`. */
    | { readonly op: 'scan'; readonly scan: number }
    /** The same numbers: without a gradient (`stop`), or with another axis name (`time` ↔ `time*`). */
    | { readonly op: 'view'; readonly stop: boolean; readonly rename: boolean }
  );

/** Any value. */
export type Value = Leaf | Computed;

/** One carry of a scan. */
export interface Carry {
  /** For messages and traces: `layers.0.h`. */
  readonly name: string;
  /** Outer value before the first step. */
  readonly init: number;
  /** The body's leaf. */
  readonly leaf: number;
  /** Value after a step: the body's or an outer one. */
  readonly next: number;
}

/** A loop over the time axis: steps a sequence lacks pass carries through and stack zeros. */
export interface Scan {
  /** Backward scans start at each sequence's own last true step. */
  readonly reverse: boolean;
  /** What is carried from step to step. */
  readonly carries: readonly Carry[];
  /** Body values in order. */
  readonly body: readonly number[];
}

/** Values in order, each after its arguments. */
export interface Graph {
  /** All values; a value's id is its index. */
  readonly values: readonly Value[];
  /** All scans. */
  readonly scans: readonly Scan[];
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Arguments of a value; a leaf has none, but a stack names the body value it collects. */
export function argumentsOf(value: Value): readonly number[] {
  return 'args' in value ? value.args : [];
}
