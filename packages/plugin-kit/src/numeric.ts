// Comparing tensors and gradients: the error measure of the project, rows of a batch, finite differences.
import type { Backend, Batch, Executable, RandomKey, State, Tensor, Tensors } from '@unrolled/core';
import { expectThat } from './check.ts';
import { precisionOf } from './networks.ts';

/** max |a − b| ÷ max(1e-3, max |b|); infinite where a value is not finite. */
export function errorOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let largest = 1e-3;
  for (let index = 0; index < b.length; index++) {
    const [left, right] = [a[index] as number, b[index] as number];
    if (!Number.isFinite(left) || !Number.isFinite(right)) return Infinity;
    difference = Math.max(difference, Math.abs(left - right));
    largest = Math.max(largest, Math.abs(right));
  }
  return difference / largest;
}

/** How far apart two ways to the same numbers may be in a backend's most exact precision. */
export function toleranceOf(backend: Backend): number {
  return precisionOf(backend) === 'float64' ? 1e-12 : 1e-5;
}

/** @throws UnrolledError `CONFORMANCE` where shapes differ or values differ by more than `tolerance`. */
export function expectClose(what: string, found: Tensor, expected: Tensor, tolerance: number): void {
  expectShape(what, found, expected.shape);
  const error = errorOf(found.data, expected.data);
  expectThat(error <= tolerance, `${what} differs by ${error}, but at most ${tolerance} is allowed.`);
}

/** {@link expectClose} for every tensor of two sets of the same names. */
export function expectAllClose(what: string, found: Tensors, expected: Tensors, tolerance: number): void {
  const [given, wanted] = [Object.keys(found).sort(), Object.keys(expected).sort()];
  expectThat(
    given.join() === wanted.join(),
    `${what} has ${given.join(', ')}, but ${wanted.join(', ')} were expected.`,
  );
  for (const [name, tensor] of Object.entries(expected))
    expectClose(`${what} "${name}"`, found[name] as Tensor, tensor, tolerance);
}

/** @throws UnrolledError `CONFORMANCE` */
export function expectShape(what: string, tensor: Tensor | undefined, expected: readonly number[]): void {
  expectThat(tensor !== undefined, `${what} is missing.`);
  const { shape, data } = tensor;
  const count = expected.reduce((product, size) => product * size, 1);
  const fits = shape.join() === expected.join() && data.length === count;
  expectThat(
    fits,
    `${what} has shape [${shape.join(', ')}] with ${data.length} numbers, but [${expected.join(', ')}] was expected.`,
  );
}

/** @throws UnrolledError `CONFORMANCE` where any value is not finite. */
export function expectFinite(what: string, { data }: Tensor): void {
  expectThat(data.every(Number.isFinite), `${what} must be finite.`);
}

/** Rows `rows` of a tensor whose rows are its axis `axis`. */
export function rowsOf({ shape, data }: Tensor, rows: readonly number[], axis = 0): Tensor {
  const size = shape[axis] as number;
  const inner = shape.slice(axis + 1).reduce((product, each) => product * each, 1);
  const outer = shape.slice(0, axis).reduce((product, each) => product * each, 1);
  const out = new Float64Array(outer * rows.length * inner);
  for (let o = 0; o < outer; o++)
    rows.forEach((row, index) => {
      for (let k = 0; k < inner; k++)
        out[(o * rows.length + index) * inner + k] = data[(o * size + row) * inner + k] as number;
    });
  return { shape: [...shape.slice(0, axis), rows.length, ...shape.slice(axis + 1)], data: out };
}

/** Rows `rows` of every state. */
export function stateRows(state: State, rows: readonly number[]): State {
  return Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, rowsOf(tensor, rows)]));
}

/** A copy of `tensor` with one element changed. */
function nudged({ shape, data }: Tensor, index: number, by: number): Tensor {
  const copy = Float64Array.from(data);
  copy[index] = (copy[index] as number) + by;
  return { shape, data: copy };
}

const STEP = 1e-5;
const ALLOWED = 1e-6;
const SAMPLES = 8;

/**
 * Compares gradients with central differences, at a few elements of every parameter, of the input vectors and of every
 * initial state. Needs float64.
 * @throws UnrolledError `CONFORMANCE`
 */
export async function expectGradients(
  executable: Executable,
  batch: Batch,
  state: State,
  key?: RandomKey,
): Promise<void> {
  const random = key === undefined ? {} : { key };
  const gradients = await executable.gradients(batch, state, random);
  const lossOf = async (changed: Batch, from: State): Promise<number> => {
    const result = await executable.forward(changed, from, { mode: key === undefined ? 'infer' : 'train', ...random });
    return result.loss as number;
  };
  const { parameters } = await executable.read();
  for (const [name, values] of Object.entries(parameters)) {
    await expectSlopes(`the gradient of ${name}`, gradients.parameters[name] as Tensor, async (index, by) => {
      await executable.write({ parameters: { [name]: nudged(values, index, by) } });
      const loss = await lossOf(batch, state);
      await executable.write({ parameters: { [name]: values } });
      return loss;
    });
  }
  for (const [name, gradient] of Object.entries(gradients.inputs))
    await expectSlopes(`the gradient of the input ${name}`, gradient, (index, by) => {
      const changed = nudged({ shape: [], data: batch.inputs[name] as Float64Array }, index, by).data;
      return lossOf({ ...batch, inputs: { ...batch.inputs, [name]: changed } }, state);
    });
  for (const [name, values] of Object.entries(state))
    await expectSlopes(`the gradient of state ${name}`, gradients.initialState[name] as Tensor, (index, by) =>
      lossOf(batch, { ...state, [name]: nudged(values, index, by) }),
    );
}

async function expectSlopes(
  what: string,
  { data }: Tensor,
  lossAt: (index: number, by: number) => Promise<number>,
): Promise<void> {
  const stride = Math.max(1, Math.floor(data.length / SAMPLES));
  for (let index = 0; index < data.length; index += stride) {
    const slope = ((await lossAt(index, STEP)) - (await lossAt(index, -STEP))) / (2 * STEP);
    const error = Math.abs((data[index] as number) - slope);
    expectThat(
      error <= ALLOWED * Math.max(1, Math.abs(slope)),
      `Element ${index} of ${what} is ${data[index]}, but finite differences give ${slope}.`,
    );
  }
}
