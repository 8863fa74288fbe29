// Gradients through time against finite differences, and Jacobians against products worked out by hand.
import { reference } from '@unrolled/backend-reference';
import { lstmCell } from '@unrolled/cell-lstm';
import { vanillaCell } from '@unrolled/cell-vanilla';
import { type Batch, type EquationModule, initialise, type NetworkDescription, type Tensors } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { categoricalCrossEntropy } from '@unrolled/losses';
import { manyToOne } from '@unrolled/task-many-to-one';
import { describe, expect, test } from 'vitest';
import { frobeniusNorm, gradientFlow, normAtLag, spectralNorm, stateJacobians } from '../src/index.ts';

const steps = 6;
const units = 4;

describe.each([
  ['vanilla', vanillaCell({ units }), 'last'],
  ['lstm', lstmCell({ units }), 'mean'],
  ['lstm', lstmCell({ units }), 'max'],
] as const)('%s', (_, cell, pool) => {
  const network = describeNetwork(cell, pool);

  test(`∂L/∂h[k] with ${pool} pooling equals what a push on h[k] does to the loss`, async () => {
    const parameters = await weightsOf(network);
    const flow = gradientFlow({ network, parameters }, sequence());
    const { gradients, norms } = flow.states['layers.0.h'] as (typeof flow.states)[string];
    const expected = new Float64Array(steps * units);
    for (let step = 0; step < steps; step++) {
      for (let unit = 0; unit < units; unit++) {
        const difference =
          (await pushedLoss(cell, pool, parameters, step, unit, 1e-5)) -
          (await pushedLoss(cell, pool, parameters, step, unit, -1e-5));
        expected[step * units + unit] = difference / 2e-5;
      }
    }
    expect(relativeError(gradients, expected)).toBeLessThan(1e-7);
    expect(norms[2]).toBeCloseTo(frobeniusNorm(gradients.subarray(2 * units, 3 * units)), 12);
    expect(normAtLag(flow, 'layers.0.h', 0)).toBe(norms[steps - 1]);
    expect(normAtLag(flow, 'layers.0.h', steps)).toBeUndefined();
  });
});

test('the Jacobian of a vanilla cell is the product of diag(1 − h²) Whh', async () => {
  const network = describeNetwork(vanillaCell({ units }), 'last');
  const parameters = await weightsOf(network);
  const executable = await reference.compile({})(network, {});
  await executable.write({ parameters });
  const traced = await executable.trace(sequence(), executable.initialState(1), ['layers.0.h']);
  const h = (traced['layers.0.h'] as Tensors[string]).data;
  const whh = (parameters['layers.0.Whh'] as Tensors[string]).data;
  const { jacobians, spectralNorms, frobeniusNorms, states, size } = stateJacobians(
    { network, parameters },
    sequence(),
  );
  expect(states).toEqual(['layers.0.h']);
  let expected: Float64Array = Float64Array.from({ length: units * units }, (_, i) => (i % (units + 1) === 0 ? 1 : 0));
  for (let step = steps; step >= 0; step--) {
    expect(relativeError(jacobians[step] as Float64Array, expected)).toBeLessThan(1e-12);
    expect(frobeniusNorms[step]).toBeCloseTo(frobeniusNorm(expected), 12);
    expect(spectralNorms[step]).toBeLessThanOrEqual((frobeniusNorms[step] as number) * (1 + 1e-9));
    if (step === 0) break;
    const local = Float64Array.from(
      whh,
      (weight, i) => weight * (1 - (h[(step - 1) * units + Math.floor(i / units)] as number) ** 2),
    );
    expected = times(expected, local, size);
  }
});

test('a whole LSTM state has a Jacobian of h and c together', async () => {
  const network = describeNetwork(lstmCell({ units }), 'mean');
  const parameters = await weightsOf(network);
  const { states, size, jacobians } = stateJacobians({ network, parameters }, sequence());
  expect(states).toEqual(['layers.0.c', 'layers.0.h']);
  expect(size).toBe(2 * units);
  expect(jacobians).toHaveLength(steps + 1);
});

test('the spectral norm is the largest singular value', () => {
  expect(spectralNorm(Float64Array.of(3, 0, 0, -5), 2)).toBeCloseTo(5, 9);
  expect(spectralNorm(Float64Array.of(1, 1, 0, 1), 2)).toBeCloseTo((1 + Math.sqrt(5)) / 2, 9);
  expect(spectralNorm(new Float64Array(4), 2)).toBe(0);
});

test('what cannot be looked into is said', async () => {
  const network = describeNetwork(vanillaCell({ units }), 'last');
  const parameters = await weightsOf(network);
  const { targets: _, weights: __, ...bare } = sequence();
  expect(() => gradientFlow({ network, parameters }, bare)).toThrow(/needs a loss/);
  const [layer] = network.layers;
  const backward = {
    ...network,
    layers: [{ ...(layer as (typeof network.layers)[number]), direction: 'backward' as const }],
  };
  expect(() => stateJacobians({ network: backward, parameters }, sequence())).toThrow(/runs backward/);
  expect(() => gradientFlow({ network, parameters: {} }, sequence())).toThrow(/No weights were given for parameter/);
});

function describeNetwork(module: EquationModule, pool: 'last' | 'mean' | 'max'): NetworkDescription {
  return {
    language: 1,
    input: { kind: 'vectors', size: 2 },
    layers: [{ module, direction: 'forward', dropout: {} }],
    output: manyToOne.module({ pool, dropout: 0, hidden: 0 }, 3),
    loss: categoricalCrossEntropy.module({}),
    target: { kind: 'class', size: 3, per: 'sequence' },
  };
}

function sequence(size = 2): Batch {
  return {
    size: 1,
    time: steps,
    inputs: { x: Float64Array.from({ length: steps * size }, (_, i) => ((i * 37) % 11) / 6 - 0.8) },
    lengths: Int32Array.of(steps),
    targets: Int32Array.of(1),
    weights: Float64Array.of(1),
    exampleIndex: Int32Array.of(0),
    start: Int32Array.of(0),
  };
}

async function weightsOf(network: NetworkDescription): Promise<Tensors> {
  const { parameters } = await reference.compile({})(network, {});
  return Object.fromEntries(parameters.map((each) => [each.name, { shape: each.shape, data: initialise(each, 7) }]));
}

/** Loss after adding `push` to one unit of h at one step: the cell with a third input that is added to h. */
async function pushedLoss(
  cell: EquationModule,
  pool: 'last' | 'mean' | 'max',
  parameters: Tensors,
  step: number,
  unit: number,
  push: number,
): Promise<number> {
  const equations = cell.equations
    .replaceAll('x[t]', 'x[t][0:2]')
    .replace(/ {4}h\[t\] = (.*)/, (_, formula: string) => `    h[t] = ${formula} + x[t][2:${2 + units}]`);
  const network = {
    ...describeNetwork({ ...cell, equations }, pool),
    input: { kind: 'vectors', size: 2 + units } as const,
  };
  const plain = sequence().inputs.x as Float64Array;
  const x = new Float64Array(steps * (2 + units));
  for (let t = 0; t < steps; t++) x.set(plain.subarray(2 * t, 2 * t + 2), t * (2 + units));
  x[step * (2 + units) + 2 + unit] = push;
  const executable = await reference.compile({})(network, {});
  await executable.write({ parameters });
  const { loss } = await executable.forward({ ...sequence(), inputs: { x } }, executable.initialState(1), {
    mode: 'infer',
  });
  return loss as number;
}

function times(a: Float64Array, b: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < size; k++)
      sum += (a[Math.floor(at / size) * size + k] as number) * (b[k * size + (at % size)] as number);
    return sum;
  });
}
