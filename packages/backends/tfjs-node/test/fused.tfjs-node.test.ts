// Cells with the structure of an LSTM or a GRU run by fused kernels, others step by step; all agree with the reference.
import { reference } from '@unrolled/backend-reference';
import type { Batch, EquationModule, NetworkDescription, State, Tensors } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { describe, expect, test } from 'vitest';
import { tfjsNodeBackend } from '../src/index.ts';
import { cell, drawnWeights, grus, lstms, networkOf, others, resetAfter } from './cells.ts';
import { countOperations } from './operations.ts';

const kernels = ['BlockLSTMV2', 'BlockLSTMGradV2', 'LSTMBlockCellGrad', 'GRUBlockCell', 'GRUBlockCellGrad'] as const;

/** Runs a batch forward and backward and compares everything with the reference; gives how often each kernel ran. */
async function agree(network: NetworkDescription, batch: Batch, tolerance = 1e-5): Promise<Record<string, number>> {
  const [ours, theirs] = [await tfjsNodeBackend()(network, {}), await reference.compile({})(network, {})];
  for (const executable of [ours, theirs]) await executable.write({ parameters: drawnWeights(theirs) });
  const state = filled(theirs.initialState(batch.size), 0.3);
  const seeds = {
    outputGradient: { shape: [batch.time, batch.size, 2], data: waves(batch.time * batch.size * 2, 0.9) },
    finalStateGradient: filled(theirs.initialState(batch.size), 0.7),
  };
  const wanted = await theirs.gradients(batch, state, seeds);
  const counts = await countOperations(async () => {
    const found = await ours.gradients(batch, state, seeds);
    close('output', { output: found.output }, { output: wanted.output }, tolerance);
    close('final state', found.state, wanted.state, tolerance);
    close('gradient of', found.parameters, wanted.parameters, tolerance);
    close('gradient of input', found.inputs, wanted.inputs, tolerance);
    close('gradient of initial', found.initialState, wanted.initialState, tolerance);
  });
  ours.dispose();
  return Object.fromEntries(kernels.flatMap((name) => (counts[name] ? [[name, counts[name]]] : [])));
}

describe.each(Object.entries(lstms))('an LSTM: %s', (_, module) => {
  test('sequences of one length', async () => {
    expect(await agree(networkOf(module), vectors([5, 5]))).toEqual({ BlockLSTMV2: 1, BlockLSTMGradV2: 1 });
  });

  test('two layers both ways, lengths from 1 to 7', async () => {
    const counts = await agree(networkOf(module, ['both', 'both']), vectors([7, 1, 4]));
    expect(counts).toEqual({ BlockLSTMV2: 4, BlockLSTMGradV2: 4 });
  });
});

const [lstm] = Object.values(lstms) as [EquationModule];

test('an LSTM over class numbers', async () => {
  const network = networkOf(lstm, ['both'], 9, 'ids');
  expect(await agree(network, numbers([3, 6], 9))).toEqual({ BlockLSTMV2: 2, BlockLSTMGradV2: 2 });
});

test('an LSTM over more class numbers than are worth one-hot vectors goes step by step', async () => {
  expect(await agree(networkOf(lstm, ['forward'], 300, 'ids'), numbers([3, 6], 300))).toEqual({});
});

test('an LSTM of two inputs', async () => {
  const module = cell(
    `
    u[t] = tanh(V @ x[t])
    i[t] = σ(Wi @ x[t] + Vi @ u[t] + Ui @ h[t-1] + bi)
    f[t] = σ(Vf @ u[t] + Wf @ x[t] + Uf @ h[t-1] + bf)
    g[t] = tanh(Wg @ x[t] + Vg @ u[t] + Ug @ h[t-1] + bg)
    o[t] = σ(Wo @ x[t] + Vo @ u[t] + Uo @ h[t-1] + bo)
    c[t] = f[t] ⊙ c[t-1] + i[t] ⊙ g[t]
    h[t] = o[t] ⊙ tanh(c[t])`,
    4,
    { shapes: { u: [5] } },
  );
  expect(await agree(networkOf(module), vectors([4, 2]))).toEqual({ BlockLSTMV2: 1, BlockLSTMGradV2: 1 });
});

test('a wide LSTM sums its weight gradients in one product at the end', async () => {
  const wide = { ...lstm, sizes: { units: 128 } };
  const counts = await agree(
    networkOf(wide, ['both'], 8),
    vectors(
      Array.from({ length: 33 }, (_, i) => 1 + (i % 4)),
      8,
    ),
  );
  expect(counts).toEqual({ BlockLSTMV2: 2, LSTMBlockCellGrad: 8 });
});

test.each(Object.entries(others))('no LSTM: %s', async (_, module) => {
  expect(await agree(networkOf(module, ['both']), vectors([4, 2]))).toEqual({});
});

describe.each(Object.entries(grus))('a GRU: %s', (_, module) => {
  test('sequences of one length', async () => {
    expect(await agree(networkOf(module), vectors([5, 5]))).toEqual({ GRUBlockCell: 5, GRUBlockCellGrad: 5 });
  });

  test('two layers both ways, lengths from 1 to 7', async () => {
    const counts = await agree(networkOf(module, ['both', 'both']), vectors([7, 1, 4]));
    expect(counts).toEqual({ GRUBlockCell: 28, GRUBlockCellGrad: 28 });
  });
});

test('a GRU whose reset comes after the product goes step by step', async () => {
  expect(await agree(networkOf(resetAfter, ['both']), vectors([4, 2]))).toEqual({});
});

test('sequences without a step keep their state beside those that have some', async () => {
  const counts = await agree(networkOf(lstm, ['both']), vectors([3, 0, 2]));
  expect(counts).toEqual({ BlockLSTMV2: 2, BlockLSTMGradV2: 2 });
});

test('gates are traced step by step', async () => {
  const network = networkOf(lstm, ['forward']);
  const [ours, theirs] = [await tfjsNodeBackend()(network, {}), await reference.compile({})(network, {})];
  for (const executable of [ours, theirs]) await executable.write({ parameters: drawnWeights(theirs) });
  const batch = vectors([4, 2]);
  const names = ['layers.0.i', 'layers.0.c', 'layers.0.h'];
  const wanted = await theirs.trace(batch, theirs.initialState(2), names);
  close('trace of', await ours.trace(batch, ours.initialState(2), names), wanted, 1e-5);
  const counts = await countOperations(() => ours.trace(batch, ours.initialState(2), ['layers.0.c', 'layers.0.h']));
  expect(counts.BlockLSTMV2).toBe(1);
});

test('a sequence in pieces, state carried, gives what it gives as a whole', async () => {
  const executable = await tfjsNodeBackend()(networkOf(lstm), {});
  await executable.write({ parameters: drawnWeights(executable) });
  const batch = vectors([6, 4]);
  const whole = await executable.forward(batch, executable.initialState(2), { mode: 'infer', statesAt: [2] });
  const piece = (from: number, lengths: readonly number[]): Batch => ({
    ...vectors(lengths),
    inputs: { x: (batch.inputs.x as Float64Array).subarray(from * 2 * 3, (from + Math.max(...lengths)) * 2 * 3) },
    start: Int32Array.of(from, from),
  });
  const first = await executable.forward(piece(0, [2, 2]), executable.initialState(2), { mode: 'infer' });
  close('state after two steps', first.state, whole.intermediate?.[0] as State, 1e-6);
  const second = await executable.forward(piece(2, [4, 2]), first.state, { mode: 'infer' });
  close('final state', second.state, whole.state, 1e-6);
});

function vectors(lengths: readonly number[], size = 3): Batch {
  const time = Math.max(...lengths);
  return { ...frame(lengths), inputs: { x: waves(time * lengths.length * size, 0.8) } };
}

function numbers(lengths: readonly number[], classes: number): Batch {
  const time = Math.max(...lengths);
  const x = Int32Array.from({ length: time * lengths.length }, (_, at) => (at * 7 + 3) % classes);
  return { ...frame(lengths), inputs: { x } };
}

function frame(lengths: readonly number[]): Omit<Batch, 'inputs'> {
  const size = lengths.length;
  return {
    size,
    time: Math.max(...lengths),
    lengths: Int32Array.from(lengths),
    exampleIndex: Int32Array.from(lengths, (_, row) => row),
    start: new Int32Array(size),
  };
}

function filled(state: State, scale: number): State {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => [name, { shape, data: waves(data.length, scale) }]),
  );
}

/** Distinct numbers between −scale and scale. */
function waves(length: number, scale: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => scale * Math.sin(1 + 1.7 * at));
}

function close(what: string, found: Tensors, wanted: Tensors, tolerance: number): void {
  for (const [name, { shape, data }] of Object.entries(wanted)) {
    expect(found[name]?.shape, `${what} ${name}`).toEqual(shape);
    expect(relativeError(found[name]?.data ?? [], data), `${what} ${name}`).toBeLessThan(tolerance);
  }
}
