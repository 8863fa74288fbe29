// Computes one value from its operands: each primitive of the language as operations of TensorFlow.js.
import type { Tensor } from '@tensorflow/tfjs';
import type { Axis, Binary, Computed, Unary, Value } from '@unrolled/equations';
import { aligned } from './layout.ts';
import type { Matrix } from './matrix.ts';
import type { Positions } from './positions.ts';
import { oneHot, type Recorder } from './recorder.ts';

/** Where a value is computed: outside of loops, or at one step of a loop. */
export interface Place {
  /** Makes operations that TensorFlow.js's tape records. */
  readonly recorder: Recorder;
  /** Which steps of the batch are true. */
  readonly positions: Positions;
  /** The value of an id. */
  readonly value: (id: number) => Value;
  /** Axes that a value has here. */
  readonly axes: (value: Value) => readonly Axis[];
  /** A value's tensor here. */
  readonly operand: (id: number) => Tensor;
  /** Parameters `[m, n]` one below the other, as a matrix or its transpose, made once. */
  readonly matrix: (parameters: readonly number[], transposed: boolean) => Matrix;
  /** Parameters `[m, n]` one below the other, transposed: a table with a row for each column. */
  readonly columns: (parameters: readonly number[]) => Tensor;
}

/** Outside of loops, as a loop sees it. */
export interface Outside extends Place {
  /** Vectors over the same axes as one, joined along their units. */
  readonly together: (ids: readonly number[]) => Tensor;
  /** A tensor over time at one step. */
  readonly element: (tensor: Tensor, step: number) => Tensor;
}

type Of<Op extends Computed['op']> = Computed & { readonly op: Op };

/** An elementwise function of one argument. */
export function unary(recorder: Recorder, op: Unary, x: Tensor): Tensor {
  return op === 'abs' ? recorder.absolute(x) : recorder.tf[op](x);
}

/** An elementwise function of two arguments that broadcast. */
export function binary(recorder: Recorder, op: Binary, a: Tensor, b: Tensor): Tensor {
  const { tf } = recorder;
  switch (op) {
    case 'add':
      return tf.add(a, b);
    case 'subtract':
      return tf.sub(a, b);
    case 'multiply':
      return tf.mul(a, b);
    case 'divide':
      return tf.div(a, b);
    case 'maximum':
    case 'minimum': {
      // Their gradients in TensorFlow.js do not sum what was broadcast.
      const shape = Array.from({ length: Math.max(a.rank, b.rank) }, (_, i) =>
        Math.max(a.shape[i] ?? 1, b.shape[i] ?? 1),
      );
      return tf[op](recorder.expanded(a, shape), recorder.expanded(b, shape));
    }
  }
}

/** The tensor of `value`, whose operands the place knows. @throws RangeError for what no forward graph holds */
export function compute(place: Place, value: Computed): Tensor {
  const { recorder } = place;
  const [first = 0, second = 0] = value.args;
  switch (value.op) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum':
      return binary(recorder, value.op, fitted(place, first, value), fitted(place, second, value));
    case 'where':
      return chosen(place, value);
    case 'matmul':
      return product(place, value);
    case 'sum':
      return value.along === 'units' ? unitSum(place, value) : axesSum(place, value);
    case 'largest':
      return largest(place, value);
    case 'expand':
      return filled(place, first, value);
    case 'join':
      return recorder.joined(
        value.args.map((id) => joinedPart(place, id, value)),
        -1,
      );
    case 'slice':
      return sliced(place, value);
    case 'gather':
      return gathered(place, value);
    case 'scatterAdd':
      return scattered(place, value);
    case 'view':
      // Another axis name is the same place in the tensor: a value that is renamed has one sequence axis alone.
      return value.stop ? recorder.stopped(place.operand(first)) : place.operand(first);
    case 'outer':
    case 'firstLargest':
    case 'random':
    case 'scan':
      throw new RangeError(`"${value.op}" is not computed from operands in a forward graph`);
    default:
      return unary(recorder, value.op, place.operand(first));
  }
}

/** An operand in the rank of `target`, so that it broadcasts. */
function fitted(place: Place, id: number, target: Value): Tensor {
  const [has, wants] = [place.axes(place.value(id)), place.axes(target)];
  return aligned(place.recorder, place.operand(id), has, wants, target.shape.length);
}

/** An operand repeated along the axes and units that `target` has and it lacks. */
export function filled(place: Place, id: number, target: Value): Tensor {
  const shape = [...place.positions.sizes(place.axes(target)), ...target.shape];
  return place.recorder.expanded(fitted(place, id, target), shape);
}

function chosen(place: Place, value: Of<'where'>): Tensor {
  const [greater, than, yes, no] = value.args as [number, number, number, number];
  const condition = place.recorder.tf.greater(filled(place, greater, value), filled(place, than, value));
  return place.recorder.chosen(condition, filled(place, yes, value), filled(place, no, value));
}

function product(place: Place, value: Of<'matmul'>): Tensor {
  const [matrix, vector] = value.args as [number, number];
  const { transposed } = value;
  if (isShared(place, matrix)) return place.matrix([matrix], transposed).times(place.operand(vector));
  // A matrix of its own for each sequence.
  const { recorder, axes } = place;
  const [wants, m, v] = [axes(value), place.value(matrix), place.value(vector)];
  const weights = aligned(recorder, place.operand(matrix), axes(m), wants, 2);
  const factors = aligned(recorder, place.operand(vector), axes(v), wants, 1);
  const { shape } = factors;
  const [size = 1] = v.shape;
  const spread = transposed ? [size, 1] : [1, size];
  const { tf } = recorder;
  return tf.sum(tf.mul(weights, recorder.reshaped(factors, [...shape.slice(0, -1), ...spread])), transposed ? -2 : -1);
}

/** Whether a value is the same for all sequences and steps. */
export function isShared(place: Place, id: number): boolean {
  const { over, scope } = place.value(id);
  return over.length === 0 && scope < 0;
}

function unitSum(place: Place, { args: [x = 0] }: Of<'sum'>): Tensor {
  const tensor = place.operand(x);
  const units = place.value(x).shape.length;
  return place.recorder.tf.sum(
    tensor,
    Array.from({ length: units }, (_, i) => tensor.rank - units + i),
  );
}

/** Sums true positions over the axes that the result lacks, starting from a second argument where there is one. */
function axesSum(place: Place, value: Of<'sum'>): Tensor {
  const [x = 0, initial] = value.args;
  const { tf } = place.recorder;
  const [axes, kept] = [place.axes(place.value(x)), place.axes(value)];
  const dropped = axes.filter((axis) => !kept.includes(axis));
  let tensor = place.operand(x);
  for (const axis of dropped) tensor = place.positions.masked(tensor, axes, axis, 0);
  const sum = tf.sum(
    tensor,
    dropped.map((axis) => axes.indexOf(axis)),
  );
  return initial === undefined ? sum : tf.add(place.operand(initial), sum);
}

function largest(place: Place, { along, args: [x = 0] }: Of<'largest'>): Tensor {
  const tensor = place.operand(x);
  if (along === 'units') return place.recorder.largest(tensor, tensor.rank - 1);
  const axes = place.axes(place.value(x));
  return place.recorder.largest(place.positions.masked(tensor, axes, along, -Infinity), axes.indexOf(along));
}

function sliced(place: Place, { from, to, args: [x = 0] }: Of<'slice'>): Tensor {
  const { shape, rank } = place.operand(x);
  const begin = shape.map((_, axis) => (axis === rank - 1 ? from : 0));
  const size = shape.map((length, axis) => (axis === rank - 1 ? to - from : length));
  return place.recorder.tf.slice(place.operand(x), begin, size);
}

/** A vector or scalar as a vector over the result's axes. */
function joinedPart(place: Place, id: number, target: Value): Tensor {
  const [size = 1] = place.value(id).shape;
  return filled(place, id, { ...target, shape: [size] });
}

function gathered(place: Place, value: Of<'gather'>): Tensor {
  const [table, number] = value.args as [number, number];
  const { recorder, axes } = place;
  const { shape } = place.value(table);
  const ids = place.operand(number);
  if (isShared(place, table) && shape.length === 2)
    return recorder.rowsAt(value.axis === 0 ? place.operand(table) : place.columns([table]), ids);
  // A table of its own for each sequence, or a vector: every element times 1 or 0.
  const wants = axes(value);
  const hot = oneHot(recorder.tf, ids, shape[value.axis] as number);
  const factors = aligned(recorder, hot, axes(place.value(number)), wants, 1);
  const values = aligned(recorder, place.operand(table), axes(place.value(table)), wants, shape.length);
  const spread = shape.map((size, axis) => (axis === value.axis ? size : 1));
  const weighted = recorder.tf.mul(values, recorder.reshaped(factors, [...factors.shape.slice(0, -1), ...spread]));
  return recorder.tf.sum(weighted, wants.length + value.axis);
}

/** A one-hot vector times a value. */
function scattered(place: Place, value: Of<'scatterAdd'>): Tensor {
  const [number, x] = value.args as [number, number];
  const hot = oneHot(place.recorder.tf, place.operand(number), value.shape[0] as number);
  const wants = place.axes(value);
  const vector = aligned(place.recorder, hot, place.axes(place.value(number)), wants, 1);
  const scale = aligned(place.recorder, place.operand(x), place.axes(place.value(x)), wants, 1);
  return place.recorder.tf.mul(vector, scale);
}
