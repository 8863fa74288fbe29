// First values of parameters: every initializer, drawn from the seed, the parameter's name and the element's index.
import type { ParameterInfo } from './contracts/executable.ts';
import { UnrolledError } from './errors.ts';
import { fillNormal, fillUniform } from './random/draws.ts';
import { murmur3 } from './random/hash.ts';
import type { DrawPosition } from './random/position.ts';

/** Seed of the second hash of a name, so that two names meet with a chance of 2^−64. */
const SECOND = 0x9e3779b9;

/**
 * The first values of a parameter, row-major in its shape. They depend on the seed, the name and the shape alone, not on the
 * other parameters or their order.
 *
 * Equations write `W @ x`, so a matrix is `[rows, columns]` = `[out, in]`; a vector of n has fan in and fan out n; of more
 * than two axes the first is out and the rest together in.
 *
 * @throws UnrolledError `SEED_INVALID`, or `INITIALIZER_INVALID` where an identity or orthogonal one isn't a matrix
 */
export function initialise(parameter: ParameterInfo, seed: number): Float64Array {
  const { init, name, shape } = parameter;
  const count = shape.reduce((product, size) => product * size, 1);
  const values = new Float64Array(count);
  const position: DrawPosition = { seed, purpose: 'initialise', update: murmur3(name, SECOND), site: murmur3(name) };
  const { fanIn, fanOut } = fans(shape);
  switch (init.init) {
    case 'zeros':
      return values;
    case 'ones':
      return values.fill(1);
    case 'constant':
      return values.fill(init.value);
    case 'identity':
      return fillIdentity(values, matrixOf(parameter));
    case 'uniform':
      return uniformBetween(values, position, init.minimum, init.maximum);
    case 'normal':
      return normalAround(values, position, init.mean, init.deviation);
    case 'glorot-uniform':
      return uniformWithin(values, position, init.gain * Math.sqrt(6 / (fanIn + fanOut)));
    case 'glorot-normal':
      return normalAround(values, position, 0, init.gain * Math.sqrt(2 / (fanIn + fanOut)));
    case 'he-uniform':
      return uniformWithin(values, position, init.gain * Math.sqrt(6 / fanIn));
    case 'he-normal':
      return normalAround(values, position, 0, init.gain * Math.sqrt(2 / fanIn));
    case 'orthogonal':
      return fillOrthogonal(values, matrixOf(parameter), position, init.gain);
  }
}

function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const [fanOut, ...rest] = shape as [number, ...number[]];
  return { fanIn: rest.reduce((product, size) => product * size, 1), fanOut };
}

function uniformBetween(values: Float64Array, position: DrawPosition, minimum: number, maximum: number): Float64Array {
  fillUniform(values, 0, values.length, position);
  for (let i = 0; i < values.length; i++) values[i] = minimum + (maximum - minimum) * (values[i] as number);
  return values;
}

function uniformWithin(values: Float64Array, position: DrawPosition, bound: number): Float64Array {
  return uniformBetween(values, position, -bound, bound);
}

function normalAround(values: Float64Array, position: DrawPosition, mean: number, deviation: number): Float64Array {
  fillNormal(values, 0, values.length, position);
  for (let i = 0; i < values.length; i++) values[i] = mean + deviation * (values[i] as number);
  return values;
}

type Matrix = readonly [rows: number, columns: number];

function matrixOf({ name, shape, init }: ParameterInfo): Matrix {
  if (shape.length === 2) return shape as unknown as Matrix;
  throw new UnrolledError(
    'INITIALIZER_INVALID',
    `Parameter "${name}" begins as ${init.init}, which needs a matrix, but its shape is [${shape.join(', ')}].`,
    { mend: 'Choose another initializer, such as zeros() or uniform().', data: { name, shape, init: init.init } },
  );
}

function fillIdentity(values: Float64Array, [rows, columns]: Matrix): Float64Array {
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return values;
}

/** Orthonormal rows where rows ≤ columns, else orthonormal columns, uniformly distributed over all such, times gain. */
function fillOrthogonal(
  values: Float64Array,
  [rows, columns]: Matrix,
  position: DrawPosition,
  gain: number,
): Float64Array {
  const wide = rows <= columns;
  const count = wide ? rows : columns;
  const length = wide ? columns : rows;
  const vectors = new Float64Array(count * length);
  fillNormal(vectors, 0, vectors.length, position);
  orthonormalise(vectors, count, length);
  for (let vector = 0; vector < count; vector++)
    for (let i = 0; i < length; i++)
      values[wide ? vector * columns + i : i * columns + vector] = gain * (vectors[vector * length + i] as number);
  return values;
}

/**
 * Makes `count` vectors `[count, length]` orthonormal, by Gram and Schmidt's method with each vector projected twice ("twice
 * is enough": Giraud, Langou and Rozložník 2005), four directions at a time. The diagonal of R comes out positive, so normal
 * vectors give the uniform distribution (Mezzadri 2007).
 */
function orthonormalise(vectors: Float64Array, count: number, length: number): void {
  for (let vector = 0; vector < count; vector++) {
    const at = vector * length;
    for (let pass = 0; pass < 2; pass++) {
      let other = 0;
      for (; other + 3 < vector; other += 4) removeFour(vectors, at, other * length, length);
      for (; other < vector; other++) removeOne(vectors, at, other * length, length);
    }
    let square = 0;
    for (let i = at; i < at + length; i++) square += (vectors[i] as number) * (vectors[i] as number);
    const norm = Math.sqrt(square);
    for (let i = at; i < at + length; i++) vectors[i] = (vectors[i] as number) / norm;
  }
}

/** Takes from the vector at `a` its part along the unit vector at `b`. */
function removeOne(v: Float64Array, a: number, b: number, length: number): void {
  let along = 0;
  for (let i = 0; i < length; i++) along += (v[a + i] as number) * (v[b + i] as number);
  for (let i = 0; i < length; i++) v[a + i] = (v[a + i] as number) - along * (v[b + i] as number);
}

/** Takes from the vector at `a` its parts along the four unit vectors from `b` on. */
function removeFour(v: Float64Array, a: number, b: number, length: number): void {
  const c = b + length;
  const d = c + length;
  const e = d + length;
  let alongB = 0;
  let alongC = 0;
  let alongD = 0;
  let alongE = 0;
  for (let i = 0; i < length; i++) {
    const value = v[a + i] as number;
    alongB += value * (v[b + i] as number);
    alongC += value * (v[c + i] as number);
    alongD += value * (v[d + i] as number);
    alongE += value * (v[e + i] as number);
  }
  for (let i = 0; i < length; i++) {
    const first = alongB * (v[b + i] as number) + alongC * (v[c + i] as number);
    const second = alongD * (v[d + i] as number) + alongE * (v[e + i] as number);
    v[a + i] = (v[a + i] as number) - (first + second);
  }
}
