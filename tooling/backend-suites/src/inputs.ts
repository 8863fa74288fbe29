// Bags as sparse columns against dense sums, networks without layers, and residual layers against the same in equations.
import type { Batch, Compile, EquationModule, Executable, NetworkDescription, Tensors } from '@unrolled/core';
import { describe, expect, test } from 'vitest';
import { expectTensors, type Tolerances } from './tolerances.ts';

const COLUMNS = 7;
const CLASSES = 3;
/** Entries of each bag: a column may come twice, and a bag may be empty. */
const bags = [
  [
    [4, 0.5],
    [0, -1.25],
    [4, 2],
  ],
  [],
  [
    [6, 1],
    [3, 0.75],
    [2, -0.5],
    [1, 3],
    [5, 0.25],
  ],
  [[3, -2]],
] as const satisfies readonly (readonly (readonly [number, number])[])[];

const small = { init: 'uniform', minimum: -0.5, maximum: 0.5 } as const;
const classLoss = moduleOf('class-loss', 'loss = logSumExp(y) - y · target', 'loss', {});
const linear = moduleOf('linear', 'z[s] = value[s] * (Why @ h[s])\ny = sum_s(z[s]) + by', 'y', {
  sizes: { size: CLASSES },
  parameters: { Why: { shape: ['size', 'hidden'], init: small }, by: { shape: ['size'], init: small } },
});
const mean = moduleOf('mean', 'p = mean_s(h[s])\ny = Why @ p + by', 'y', {
  sizes: { size: CLASSES },
  parameters: { Why: { shape: ['size', 'hidden'], init: small }, by: { init: small } },
});
const bagCell = cellOf('h[t] = tanh(value[t] * (Wxh @ x[t]) + Whh @ h[t-1] + bh)');
const denseCell = cellOf('h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)');
const embedding = moduleOf('embedding', 'e[t] = value[t] * (Eᵀ @ x[t])', 'e', {
  sizes: { size: 4 },
  parameters: { E: { shape: ['inputs', 'size'], init: small } },
});
const product = moduleOf('embedding', 'e[t] = Eᵀ @ x[t]', 'e', { ...embedding });

/** Registers the tests of one backend. */
export function inputSuite(compile: Compile, { forward, gradients }: Tolerances): void {
  const alike = async (one: NetworkDescription, other: NetworkDescription, batches: readonly [Batch, Batch]) => {
    const [found, wanted] = [await runOf(compile, one, batches[0]), await runOf(compile, other, batches[1])];
    expectTensors('the', { output: found.output }, { output: wanted.output }, forward);
    // What streams also has states of what it pools.
    const layers = Object.entries(wanted.state).filter(([name]) => name.startsWith('layers.'));
    expectTensors('state', found.state, Object.fromEntries(layers), forward);
    expectTensors('gradient of', found.parameters, wanted.parameters, gradients);
    return found;
  };
  const dense = (description: NetworkDescription): NetworkDescription => ({
    ...description,
    input: { ...description.input, kind: 'vectors', size: COLUMNS } as NetworkDescription['input'],
  });

  describe('bags', () => {
    test('a linear classifier over columns is a sum of weighted columns', async () => {
      const run = await runOf(compile, networkOf({ layers: [], output: linear }), bagBatch());
      const { values, given } = linearByHand(run.given);
      expectTensors('the', { output: run.output }, { output: { shape: [4, CLASSES], data: values } }, forward);
      expect(run.loss).toBeCloseTo(given.loss, 5);
      expectTensors('gradient of', run.parameters, given.gradients, gradients);
      expect(run.inputs).toEqual({});
    });

    test('a layer reads the numbers beside the columns', async () => {
      const layers = (module: EquationModule) => [{ module, direction: 'forward', dropout: {} } as const];
      const bag = networkOf({ layers: layers(bagCell), output: mean });
      await alike(bag, dense({ ...bag, layers: layers(denseCell) }), [bagBatch(), denseBatch()]);
    });

    test('a module of the input reads the numbers too', async () => {
      const bag = networkOf({ input: { kind: 'bag', size: COLUMNS, module: embedding }, layers: [], output: mean });
      const vectors = dense({ ...bag, input: { kind: 'bag', size: COLUMNS, module: product } });
      await alike(bag, vectors, [bagBatch(), denseBatch()]);
    });

    test('do not stream, and are checked', async () => {
      const executable = await compile(networkOf({ layers: [], output: linear }), {});
      const state = executable.initialState(4);
      const forwardOf = (batch: Batch) => executable.forward(batch, state, { mode: 'infer' });
      const { inputs, ...batch } = bagBatch();
      expect(executable.streams).toBe('A bag does not stream: it has no order.');
      const { value, x } = inputs as { value: Float64Array; x: Int32Array };
      await expect(forwardOf({ ...batch, inputs: { x } })).rejects.toThrow(
        'found inputs x; expected an input named value',
      );
      await expect(forwardOf({ ...batch, inputs: { x, value: value.slice(1) } })).rejects.toThrow(
        'inputs.value of 19 numbers; expected [time, batch], which is 20',
      );
      await expect(forwardOf({ ...batch, inputs: { x: x.map(() => COLUMNS), value } })).rejects.toThrow(
        'found 7 in inputs.x (sequence 0, step 0); expected whole numbers from 0 to 6',
      );
      executable.dispose();
    });
  });

  test('a network without layers looks columns up, or multiplies vectors', async () => {
    const ids: NetworkDescription = networkOf({
      input: { kind: 'ids', vocabulary: COLUMNS },
      layers: [],
      output: mean,
    });
    const { value, x } = bagBatch().inputs as { value: Float64Array; x: Int32Array };
    const ones = { ...denseBatch(), inputs: { x: oneHot(x, value.fill(1)) } };
    await alike(ids, { ...ids, input: { kind: 'vectors', size: COLUMNS } }, [{ ...bagBatch(), inputs: { x } }, ones]);
  });

  describe('residual layers', () => {
    const cell = cellOf('h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)', COLUMNS);
    const added = {
      ...cellOf('h[t] = tanh(Wxh @ x[t] + Whh @ h[t-1] + bh)\nr[t] = h[t] + x[t]', COLUMNS),
      output: 'r',
    };
    const vectors = { kind: 'vectors', size: COLUMNS } as const;
    const layered = (layers: NetworkDescription['layers']) => networkOf({ input: vectors, layers, output: mean });

    test('add their input to their output', async () => {
      const plain = { direction: 'forward', dropout: {} } as const;
      const backward = { direction: 'backward', dropout: {} } as const;
      const residual = layered([
        { module: cell, ...plain, residual: true },
        { module: cell, ...backward, residual: true },
      ]);
      const written = layered([
        { module: added, ...plain },
        { module: added, ...backward },
      ]);
      const { inputs } = await alike(residual, written, [denseBatch(), denseBatch()]);
      expect(inputs.x?.shape).toEqual([5, 4, COLUMNS]);
    });

    test('add what enters them before its dropout, to what leaves them after', async () => {
      const executable = await compile(
        layered([{ module: cell, direction: 'forward', dropout: { input: 0.9, output: 0.9 }, residual: true }]),
        {},
      );
      const zeros = executable.parameters.map(({ name, shape }) => [
        name,
        { shape, data: new Float64Array(sizeOf(shape)) },
      ]);
      await executable.write({ parameters: Object.fromEntries(zeros) });
      const Why = {
        shape: [CLASSES, COLUMNS],
        data: new Float64Array(CLASSES * COLUMNS).map((_, i) => (i % 8 === 0 ? 1 : 0)),
      };
      await executable.write({ parameters: { 'output.Why': Why } });
      const [batch, state] = [denseBatch(), executable.initialState(4)];
      const drawn = await executable.forward(batch, state, { mode: 'train', key: { seed: 1, update: 0 } });
      const means = bags.flatMap((bag) => [0, 1, 2].map((column) => sum(bag, column) / Math.max(1, bag.length)));
      expectTensors(
        'the',
        { output: drawn.output },
        { output: { shape: [4, CLASSES], data: Float64Array.from(means) } },
        forward,
      );
      executable.dispose();
    });

    test('need an input of their own size, which is no number of a token', async () => {
      const residual = { direction: 'both', dropout: {}, residual: true } as const;
      await expect(compile(layered([{ module: cell, ...residual }]), {})).rejects.toThrow(
        'Layer 0 (cell) is residual, but its input has 7 units and its output 14: what is added must have equal sizes.',
      );
      const tokens = networkOf({
        input: { kind: 'ids', vocabulary: COLUMNS },
        layers: [{ module: cell, ...residual, direction: 'forward' }],
        output: mean,
      });
      await expect(compile(tokens, {})).rejects.toThrow(
        'Layer 0 (cell) is residual, but its input is token numbers, to which nothing can be added.',
      );
    });
  });
}

function moduleOf(name: string, equations: string, output: string, more: Partial<EquationModule>): EquationModule {
  const nothing = { parameters: {}, sizes: {}, constants: {}, shapes: {}, initial: {} };
  return { ...nothing, ...more, name, equations, output };
}

function cellOf(equations: string, units = 4): EquationModule {
  return moduleOf('cell', equations, 'h', {
    sizes: { units },
    parameters: { Wxh: { init: small }, Whh: { init: small }, bh: { init: small } },
  });
}

function networkOf(
  parts: Pick<NetworkDescription, 'layers' | 'output'> & Partial<NetworkDescription>,
): NetworkDescription {
  const input = { kind: 'bag', size: COLUMNS } as const;
  return { language: 1, input, loss: classLoss, target: { kind: 'class', size: CLASSES, per: 'sequence' }, ...parts };
}

function bagBatch(): Batch {
  const [time, size] = [5, bags.length];
  const x = new Int32Array(time * size).fill(-1);
  const value = new Float64Array(time * size).fill(Number.NaN);
  for (const [row, bag] of bags.entries())
    for (const [step, [column, number]] of bag.entries()) {
      x[step * size + row] = column;
      value[step * size + row] = number;
    }
  return {
    size,
    time,
    inputs: { x, value },
    lengths: Int32Array.from(bags, ({ length }) => length),
    targets: Int32Array.of(2, 0, 1, 0),
    weights: Float64Array.of(0.25, 0.5, 1, 0.75),
    exampleIndex: Int32Array.from(bags.keys()),
    start: new Int32Array(size),
  };
}

/** The same with vectors that have each number in its column's place. */
function denseBatch(): Batch {
  const { inputs, ...batch } = bagBatch();
  return { ...batch, inputs: { x: oneHot(inputs.x as Int32Array, inputs.value as Float64Array) } };
}

function oneHot(x: Int32Array, value: Float64Array): Float64Array {
  const out = new Float64Array(x.length * COLUMNS);
  x.forEach((column, at) => {
    if (column >= 0) out[at * COLUMNS + column] = value[at] as number;
  });
  return out;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

function sum(bag: readonly (readonly [number, number])[], column: number): number {
  return bag.reduce((total, [each, number]) => total + (each === column ? number : 0), 0);
}

/** Gradients with parameters that are all different. */
async function runOf(compile: Compile, description: NetworkDescription, batch: Batch) {
  const executable = await compile(description, {});
  const given = distinct(executable);
  await executable.write({ parameters: given });
  const result = await executable.gradients(batch, executable.initialState(batch.size), {});
  executable.dispose();
  return { ...result, given };
}

function distinct({ parameters }: Executable): Tensors {
  let next = 0;
  return Object.fromEntries(
    parameters.map(({ name, shape }) => {
      const data = Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(((next++ * 0.618034) % 1) - 0.5));
      return [name, { shape, data }];
    }),
  );
}

/** Logits, the loss and its gradients from dense bags, as a textbook writes softmax regression. */
function linearByHand(parameters: Tensors) {
  const [W, b] = [parameters['output.Why']?.data, parameters['output.by']?.data] as [Float64Array, Float64Array];
  const { targets, weights } = bagBatch() as { targets: Int32Array; weights: Float64Array };
  const values = new Float64Array(bags.length * CLASSES);
  const [Why, by] = [new Float64Array(CLASSES * COLUMNS), new Float64Array(CLASSES)];
  let loss = 0;
  bags.forEach((bag, row) => {
    const columns = Array.from({ length: COLUMNS }, (_, column) => sum(bag, column));
    const logits = Array.from(
      b,
      (bias, k) => bias + columns.reduce((all, each, j) => all + each * (W[k * COLUMNS + j] as number), 0),
    );
    values.set(logits, row * CLASSES);
    // An empty bag has an output, but no loss.
    if (bag.length === 0) return;
    const total = logits.reduce((all, each) => all + Math.exp(each), 0);
    const [target, weight] = [targets[row] as number, weights[row] as number];
    loss += weight * (Math.log(total) - (logits[target] as number));
    logits.forEach((logit, k) => {
      const slope = weight * (Math.exp(logit) / total - (k === target ? 1 : 0));
      by[k] = (by[k] as number) + slope;
      columns.forEach((each, j) => {
        Why[k * COLUMNS + j] = (Why[k * COLUMNS + j] as number) + slope * each;
      });
    });
  });
  const gradients: Tensors = {
    'output.Why': { shape: [CLASSES, COLUMNS], data: Why },
    'output.by': { shape: [CLASSES], data: by },
  };
  return { values, given: { loss, gradients } };
}
