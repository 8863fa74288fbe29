// Random equations: forward values against an oracle that reads them one number at a time, gradients against differences.
import type { Batch, Executable, NetworkDescription, RandomKey, State, Tensor } from '@unrolled/core';
import { addGradients, buildNetwork, languageFunctions, primitives } from '@unrolled/equations';
import { type Draw, drawBatch, drawNetwork, drawParameters, drawState, drawTensor } from '@unrolled/random-networks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reference } from '../src/index.ts';
import { evaluate, type Sequence, type Value } from './oracle.ts';

const runs = 150;
const seed = 20240607;
const usedFunctions = new Set<string>();
const usedPrimitives = new Set<string>();
const tally = { checked: 0, skipped: 0 };

type Tensors = Record<string, Tensor & { data: Float64Array }>;

interface Trial {
  readonly network: NetworkDescription;
  readonly executable: Executable;
  readonly batch: Batch;
  readonly parameters: Tensors;
  readonly state: Tensors;
}

async function drawTrial(g: Draw): Promise<Trial> {
  const network = drawNetwork(g);
  const executable = await reference.compile({})(network, {});
  const batch = drawBatch(g, network);
  return {
    network,
    executable,
    batch,
    parameters: await drawParameters(g, executable),
    state: drawState(g, executable, batch.size),
  };
}

describe('random networks', () => {
  test('are computed as the language says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const trial = await drawTrial(g);
        await said(trial, () => compareWithOracle(trial));
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
    expect(Object.keys(languageFunctions).filter((name) => !usedFunctions.has(name))).toEqual([]);
  });

  test('differentiate as differences do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const trial = await drawTrial(g);
        await said(trial, () => compareWithDifferences(g, trial));
      }),
      { numRuns: runs, seed: seed + 1, endOnFailure: true },
    );
    expect(Object.keys(primitives).filter((name) => !usedPrimitives.has(name))).toEqual([]);
    expect(tally.checked).toBeGreaterThan(10 * runs);
    expect(tally.skipped).toBeLessThan(tally.checked / 200);
  });
});

/** Puts the network into the message of what fails. */
async function said({ network, batch }: Trial, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    const texts = modulesOf(network).map(({ name, equations }) => `${name}:\n${equations}\n`);
    const ways = network.layers.map(({ direction }) => direction);
    const facts = {
      input: network.input.kind,
      ways,
      target: network.target,
      lengths: [...batch.lengths],
      start: [...batch.start],
    };
    throw new Error(`${texts.join('\n')}${JSON.stringify(facts)}\n${(error as Error).message}`, { cause: error });
  }
}

async function compareWithOracle({ network, executable, batch, parameters, state }: Trial): Promise<void> {
  // The oracle knows a sequence from its first step on, so pools begin empty.
  const fresh = Object.fromEntries(
    Object.entries(state).map(([name, tensor]) => {
      const pooled = /\.(count|sum|max|last)\d*$/.test(name);
      return [name, pooled ? { ...tensor, data: tensor.data.map(() => 0) } : tensor];
    }),
  );
  const result = await executable.forward(batch, fresh, { mode: 'infer' });
  let loss = 0;
  for (let row = 0; row < batch.size; row++) {
    const steps = batch.lengths[row] as number;
    const { outputs, losses } = evaluate(network, sequenceOf({ network, batch, parameters, state: fresh }, row));
    const width = network.target.size;
    outputs.forEach((output, step) => {
      const from = (step * batch.size + row) * width;
      close(
        [...result.output.data.subarray(from, from + width)],
        output as number[],
        `output of row ${row}, step ${step}`,
      );
    });
    if (network.target.per === 'step') expect(outputs.length).toBe(steps);
    losses.forEach((each, step) => {
      loss += each * (batch.weights?.[step * batch.size + row] as number);
    });
  }
  close([result.loss as number], [loss], 'loss');
  for (const { equations } of modulesOf(network)) {
    const calls = equations
      .replaceAll('σ(', 'sigmoid(')
      .replaceAll('ᵀ', 'transpose(')
      .matchAll(/([a-zA-Z]+)(_[sr])?\(/g);
    for (const [, name = ''] of calls) usedFunctions.add(name);
  }
}

function close(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual.length, what).toBe(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i] as number;
    expect(Math.abs(value - wanted), `${what}: ${value}, not ${wanted}`).toBeLessThan(
      1e-9 * Math.max(1, Math.abs(wanted)),
    );
  });
}

function sequenceOf({ network, batch, parameters, state }: Omit<Trial, 'executable'>, row: number): Sequence {
  const { input, target } = network;
  const pick = (source: ArrayLike<number>, place: number, size: number) =>
    Array.from({ length: size }, (_, i) => source[place * size + i] ?? 0);
  const hot = (size: number, id: number) => Array.from({ length: size }, (_, i) => Number(i === id));
  const steps = batch.lengths[row] as number;
  return {
    steps,
    start: batch.start[row] as number,
    x: (step) => {
      const place = step * batch.size + row;
      if (step >= steps) return hot(input.kind === 'ids' ? input.vocabulary : input.size, -1);
      const source = batch.inputs.x as ArrayLike<number>;
      return input.kind === 'ids' ? hot(input.vocabulary, source[place] as number) : pick(source, place, input.size);
    },
    target: (step) => {
      const place = target.per === 'step' ? step * batch.size + row : row;
      const source = batch.targets as ArrayLike<number>;
      return target.kind === 'class' ? hot(target.size, source[place] as number) : pick(source, place, target.size);
    },
    parameter: (name) => nested(parameters[name] as Tensor, 0),
    state: (name) => {
      const { shape, data } = state[name] as Tensor;
      const size = data.length / batch.size;
      return nested({ shape: shape.slice(1), data: Float64Array.from(pick(data, row, size)) }, 0);
    },
  };
}

/** A tensor as nested lists. */
function nested({ shape, data }: Tensor, from: number): Value {
  const [size, ...rest] = shape;
  if (size === undefined) return data[from] as number;
  const width = rest.reduce((product, each) => product * each, 1);
  return Array.from({ length: size }, (_, i) => nested({ shape: rest, data }, from + i * width)) as unknown as Value;
}

function modulesOf({ input, layers, output, loss }: NetworkDescription) {
  return [input.module, ...layers.map(({ module }) => module), output, loss].flatMap((module) => module ?? []);
}

async function compareWithDifferences(g: Draw, trial: Trial): Promise<void> {
  const { network, executable, batch, parameters, state } = trial;
  const key: RandomKey | undefined = g(fc.boolean) ? { seed: 5, update: g(fc.nat, { max: 9 }) } : undefined;
  const shape = (await executable.forward(batch, state, { mode: 'infer' })).output.shape;
  const outputGradient = g(fc.boolean) ? drawTensor(g, shape) : undefined;
  const finalStateGradient: State | undefined = g(fc.boolean)
    ? Object.fromEntries(Object.entries(state).map(([name, each]) => [name, drawTensor(g, each.shape)]))
    : undefined;
  const {
    parameters: byParameter,
    initialState,
    inputs,
  } = await executable.gradients(batch, state, {
    ...(key && { key }),
    ...(outputGradient && { outputGradient }),
    ...(finalStateGradient && { finalStateGradient }),
  });
  collectPrimitives(network);
  const objective = async (): Promise<number> => {
    const options = key ? ({ mode: 'train', key } as const) : ({ mode: 'infer' } as const);
    const result = await executable.forward(batch, state, options);
    const seeded = Object.entries(finalStateGradient ?? {}).map(([name, seeds]) =>
      dot(seeds, result.state[name] as Tensor),
    );
    const weighed = outputGradient ? dot(outputGradient, result.output) : 0;
    return seeded.reduce((a, b) => a + b, (result.loss ?? 0) + weighed);
  };
  for (const [name, tensor] of Object.entries(parameters)) {
    const gradient = byParameter[name] as Tensor;
    if (name.includes('frozen')) expect([...gradient.data], name).toEqual([...gradient.data].map(() => 0));
    else
      await compareOne(g, name, tensor, gradient, objective, () =>
        executable.write({ parameters: { [name]: tensor } }),
      );
  }
  for (const [name, tensor] of Object.entries(state)) {
    await compareOne(g, name, tensor, initialState[name] as Tensor, objective);
  }
  if (network.input.kind === 'vectors') {
    const { x } = batch.inputs as { x: Float64Array };
    await compareOne(g, 'x', { shape: [], data: x }, inputs.x as Tensor, objective);
  }
}

function dot(a: Tensor, b: Tensor): number {
  let sum = 0;
  a.data.forEach((value, i) => {
    sum += value * (b.data[i] as number);
  });
  return sum;
}

/**
 * Compares a gradient with differences along two directions: one of all elements, one of a single element. Where the
 * function has a corner nearby, differences of two widths or to either side disagree, and the direction is skipped.
 */
async function compareOne(
  g: Draw,
  name: string,
  tensor: Tensor & { readonly data: Float64Array },
  gradient: Tensor,
  objective: () => Promise<number>,
  write: () => Promise<void> = async () => {},
): Promise<void> {
  const { data } = tensor;
  expect(gradient.data.length, name).toBe(data.length);
  if (data.length === 0) return;
  const single = g(fc.integer, { min: 0, max: data.length - 1 });
  const before = data.slice();
  const middle = await objective();
  for (const direction of [drawTensor(g, [data.length]).data, data.map((_, i) => Number(i === single))]) {
    const at = async (width: number): Promise<number> => {
      data.forEach((_, i) => {
        data[i] = (before[i] as number) + width * (direction[i] as number);
      });
      await write();
      const value = await objective();
      data.set(before);
      await write();
      return value;
    };
    const width = 2 ** -16;
    const [ahead, behind, aheadHalf, behindHalf] = [
      await at(width),
      await at(-width),
      await at(width / 4),
      await at(-width / 4),
    ];
    const expected = dot({ shape: [], data: direction }, gradient);
    const wide = (ahead - behind) / (2 * width);
    const narrow = (aheadHalf - behindHalf) / (width / 2);
    const scale = Math.max(1, Math.abs(expected), Math.abs(middle));
    const sides = (ahead - middle) / width - (middle - behind) / width;
    const sidesNear = (aheadHalf - middle) / (width / 4) - (middle - behindHalf) / (width / 4);
    tally.checked++;
    // A smooth function's sides come together in step with the width; a corner's do not.
    const corner =
      Math.abs(wide - narrow) > 1e-5 * scale ||
      (Math.abs(sides) > 1e-5 * scale && Math.abs(sidesNear) > 0.5 * Math.abs(sides));
    if (corner) {
      tally.skipped++;
      continue;
    }
    expect(Math.abs(wide - expected), `${name}: ${expected}, but ${wide} by differences`).toBeLessThan(2e-5 * scale);
  }
}

function collectPrimitives(network: NetworkDescription): void {
  const built = buildNetwork(network);
  addGradients(built, { output: true, finals: true });
  for (const { op } of built.builder.values) usedPrimitives.add(op);
}
