// The closed list of primitives that every graph is made of, each with its value and its adjoint: what a backend implements.
import type { Computed, Leaf } from './ir.ts';

/** One primitive, in words. */
export interface Primitive {
  /** Its arguments, with shapes where they matter: `W [m, n], v [n]`. */
  readonly arguments: string;
  /** What it gives. */
  readonly value: string;
  /** What the gradient `g` of its value adds to those of its arguments. */
  readonly adjoint: string;
}

/** Every primitive by the name that a value's `op` has. At most 30. */
export const primitives = {
  exp: { arguments: 'x', value: 'e to the power of x', adjoint: 'g * exp(x)' },
  log: { arguments: 'x', value: 'natural logarithm', adjoint: 'g / x' },
  sqrt: { arguments: 'x', value: 'square root', adjoint: '0.5 * g / sqrt(x)' },
  abs: { arguments: 'x', value: 'absolute value', adjoint: 'g where x > 0, −g where x < 0, 0 at 0' },
  sin: { arguments: 'x', value: 'sine of x in radians', adjoint: 'g * cos(x)' },
  cos: { arguments: 'x', value: 'cosine of x in radians', adjoint: '−g * sin(x)' },
  tanh: { arguments: 'x', value: 'hyperbolic tangent', adjoint: 'g * (1 − tanh(x)^2)' },
  sigmoid: { arguments: 'x', value: '1 / (1 + exp(−x))', adjoint: 'g * σ(x) * (1 − σ(x))' },
  softplus: { arguments: 'x', value: 'log(1 + exp(x)), stable', adjoint: 'g * σ(x)' },
  erf: { arguments: 'x', value: 'error function', adjoint: 'g * 2/√π * exp(−x^2)' },
  add: { arguments: 'x, y', value: 'x + y', adjoint: 'g to both' },
  subtract: { arguments: 'x, y', value: 'x − y', adjoint: 'g to x; −g to y' },
  multiply: { arguments: 'x, y', value: 'x * y', adjoint: 'g * y to x; g * x to y' },
  divide: { arguments: 'x, y', value: 'x / y', adjoint: 'g / y to x; −g * (x / y) / y to y' },
  maximum: { arguments: 'x, y', value: 'the larger', adjoint: 'g to x where x ≥ y, else to y' },
  minimum: { arguments: 'x, y', value: 'the smaller', adjoint: 'g to x where x ≤ y, else to y' },
  where: {
    arguments: 'a, b, x, y',
    value: 'x where a > b, else y',
    adjoint: 'g to x where a > b, else to y; none to a and b',
  },
  matmul: {
    arguments: 'W [m, n], v [n]; transposed: v [m]',
    value: 'W @ v [m]; transposed: Wᵀ @ v [n]',
    adjoint: 'outer(g, v) to W, Wᵀ @ g to v; transposed: outer(v, g) to W, W @ g to v',
  },
  outer: {
    arguments: 'a [m], b [n]',
    value: 'a[i] * b[j] [m, n], summed over the axes that the value lacks',
    adjoint: 'g @ b to a; gᵀ @ a to b',
  },
  sum: {
    arguments: 'x, start',
    value: 'sum over all elements, or over the axes that the value lacks; on from start, where there is one',
    adjoint: 'g to each of what was summed; g to start',
  },
  largest: {
    arguments: 'x',
    value: 'the largest along the elements or a sequence axis; −∞ of none',
    adjoint: 'g * firstLargest(x)',
  },
  firstLargest: {
    arguments: 'x',
    value: '1 at the first largest along the elements or a sequence axis, else 0',
    adjoint: 'none',
  },
  expand: {
    arguments: 'x',
    value: 'x repeated to a shape, over further axes',
    adjoint: 'the sum of g over what was repeated',
  },
  join: { arguments: 'x, y, …', value: 'vectors and scalars one after the other', adjoint: 'to each its part of g' },
  slice: { arguments: 'x [n]', value: 'the elements from one place up to another', adjoint: 'g between zeros' },
  gather: {
    arguments: 'table, number',
    value: "the number's row or column of a matrix, or element of a vector",
    adjoint: 'scatterAdd(number, g) to table',
  },
  scatterAdd: {
    arguments: 'number, x',
    value: 'x in the place that gather takes it from, zeros elsewhere, summed over the axes that the value lacks',
    adjoint: 'gather(g, number) to x',
  },
  random: {
    arguments: '',
    value: 'in training `high` with a probability, else 0; otherwise their expectation',
    adjoint: 'none',
  },
  scan: {
    arguments: 'carries before the first step',
    value: 'its body at each step, in order, or from the last to the first; carries pass from step to step',
    adjoint: 'a scan the other way round, whose body is the adjoint of one step: backpropagation through time',
  },
  view: {
    arguments: 'x',
    value: 'x itself: without a gradient, or over the other sequence axis',
    adjoint: 'none where it stops the gradient; else g over the first axis',
  },
} as const satisfies Readonly<Record<Computed['op'], Primitive>>;

/** What each value that is given rather than computed stands for. */
export const leaves = {
  constant: 'a number, the same for all elements',
  parameter: 'a trained tensor by name; for an optimizer any tensor that it is given',
  input: "a sequence's input, target or weight by name; or a class number",
  state: 'a state before the first step of this batch',
  position: 'place in the sequence, from 0',
  length: 'number of steps in this batch',
  start: 'number of steps before this batch',
  carry: "a scan's carry before the step, inside its body",
  stack: "what a scan's body gives at every step, 0 where the sequence has no such step",
  final: "a scan's carry after the last step",
} as const satisfies Readonly<Record<Leaf['op'], string>>;
