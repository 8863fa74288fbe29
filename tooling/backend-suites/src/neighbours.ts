// What stands beside a sequence in a batch, and how much padding follows it, changes no bit of what it gives.
import type { Batch, Compile, Executable, NetworkDescription, RandomKey, State, Tensor, Values } from '@unrolled/core';
import { drawBatch, drawNetwork, drawParameters, drawState } from '@unrolled/random-networks';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { RandomNetworks } from './random-networks.ts';
import { expectAlike } from './tolerances.ts';

const key: RandomKey = { seed: 11, update: 4 };

interface Trial {
  readonly network: NetworkDescription;
  readonly executable: Executable;
  readonly batch: Batch;
  readonly state: State;
}

/** What is compared in each network that is drawn. */
const checks: readonly (readonly [name: string, check: (trial: Trial, tolerance: number) => Promise<void>])[] = [
  ['each sequence by itself, and in another order', aloneOrTurned],
  ['a neighbour of padding alone, or without weight, leaves every gradient as it is', besideNothing],
  ['more padding, and anything in it', withMorePadding],
];

/**
 * Registers tests that draw networks: what a sequence gives is the same to the bit whatever stands beside it or behind it.
 * @param tolerance - how far apart where the same bits are not promised.
 */
export function neighbourSuite(compile: Compile, { runs, seed }: RandomNetworks, tolerance = 0): void {
  // Compiling takes longer than any check, so all of them see a network while it is there.
  const mistakes = new Map<string, unknown>();
  let drawn = 0;
  beforeAll(async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const network = drawNetwork(g);
        const executable = await compile(network, {});
        await drawParameters(g, executable);
        const batch = drawBatch(g, network);
        const trial = { network, executable, batch, state: drawState(g, executable, batch.size) };
        drawn++;
        for (const [name, check] of checks)
          if (!mistakes.has(name))
            await check(trial, tolerance).catch((cause) =>
              mistakes.set(name, new Error(`Network ${drawn} of seed ${seed}: ${cause.message}`, { cause })),
            );
        executable.dispose();
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
  }, 120_000);

  test.each(checks)('%s', (name) => {
    expect(drawn).toBe(runs);
    if (mistakes.has(name)) throw mistakes.get(name);
  });
}

async function aloneOrTurned(trial: Trial, tolerance: number): Promise<void> {
  const { network, batch, state } = trial;
  const rows = Array.from({ length: batch.size }, (_, row) => row);
  const together = await byRow(trial, batch, state, rows);
  for (const row of rows) {
    const alone = await byRow(trial, pickRows(network, batch, [row]), pickState(state, batch.size, [row]), [0]);
    expectAlike(alone, await byRow(trial, batch, state, [row]), tolerance);
  }
  const backward = [...rows].reverse();
  const turned = await byRow(
    trial,
    pickRows(network, batch, backward),
    pickState(state, batch.size, backward),
    backward,
  );
  expectAlike(turned, together, tolerance);
}

async function besideNothing({ network, executable, batch, state }: Trial, tolerance: number): Promise<void> {
  const { parameters, loss } = await executable.gradients(batch, state, { key });
  const rows = Array.from({ length: batch.size }, (_, row) => row);
  const more = [...rows, 0];
  const padded = pickRows(network, batch, more);
  const wider = pickState(state, batch.size, more);
  const empty = { ...padded, lengths: padded.lengths.map((length, row) => (row === batch.size ? 0 : length)) };
  const terms = network.target.per === 'step' ? batch.time : 1;
  const weightless = {
    ...padded,
    weights: (padded.weights as Values).map((weight, i) =>
      i % (batch.size + 1) === batch.size ? 0 : weight,
    ) as Values,
  };
  expect(weightless.weights.length).toBe(terms * (batch.size + 1));
  for (const neighbour of [empty, weightless]) {
    const result = await executable.gradients(neighbour, wider, { key });
    expectAlike(result.loss, loss, tolerance);
    expectAlike(result.parameters, parameters, tolerance);
  }
}

async function withMorePadding({ network, executable, batch, state }: Trial, tolerance: number): Promise<void> {
  const result = await executable.gradients(batch, state, { key });
  const longer = withPadding(network, batch, 2);
  const again = await executable.gradients(longer, state, { key });
  for (const part of ['loss', 'parameters', 'state', 'initialState'] as const)
    expectAlike(again[part], result[part], tolerance);
  if (network.target.per === 'sequence') expectAlike(again.output, result.output, tolerance);
  else expectPadded(again.output, result.output, tolerance);
  if (result.inputs.x) expectPadded(again.inputs.x as Tensor, result.inputs.x, tolerance);
}

/** Rows of a tensor whose batch axis has `outer` sizes before it. */
function rowsOf<D extends Int32Array | Values>(data: D, rows: readonly number[], size: number, outer: number): D {
  const width = data.length / (size * outer);
  const picked = Array.from({ length: outer }, (_, t) =>
    rows.map((row) => data.slice((t * size + row) * width, (t * size + row + 1) * width)),
  ).flat();
  return (data.constructor as unknown as { from: (values: Iterable<number>) => D }).from(
    picked.flatMap((part) => [...part]),
  );
}

/** The same sequences in another order or number. */
function pickRows({ target }: NetworkDescription, batch: Batch, rows: readonly number[]): Batch {
  const { size, time, inputs, lengths, exampleIndex, start } = batch;
  const terms = target.per === 'step' ? time : 1;
  return {
    size: rows.length,
    time,
    inputs: { x: rowsOf(inputs.x as Int32Array, rows, size, time) },
    lengths: rowsOf(lengths, rows, size, 1),
    targets: rowsOf(batch.targets as Int32Array, rows, size, terms),
    weights: rowsOf(batch.weights as Values, rows, size, terms),
    exampleIndex: rowsOf(exampleIndex, rows, size, 1),
    start: rowsOf(start, rows, size, 1),
  };
}

function pickState(state: State, size: number, rows: readonly number[]): State {
  return Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => [
      name,
      { shape: [rows.length, ...shape.slice(1)], data: rowsOf(data, rows, size, 1) },
    ]),
  );
}

/** What belongs to rows: output, final state, gradients of inputs and initial state. */
async function byRow({ executable, network }: Trial, batch: Batch, state: State, rows: readonly number[]) {
  const result = await executable.gradients(batch, state, { key });
  // −0 counts as 0, which is what a sum that nothing joins gives.
  const pick = ({ data }: Tensor, outer: number) =>
    [...rowsOf(data, rows, batch.size, outer)].map((value) => value + 0);
  const all = (tensors: State) =>
    Object.fromEntries(Object.entries(tensors).map(([name, each]) => [name, pick(each, 1)]));
  return {
    output: pick(result.output, network.target.per === 'step' ? batch.time : 1),
    state: all(result.state),
    initialState: all(result.initialState),
    inputs: result.inputs.x ? pick(result.inputs.x, batch.time) : [],
  };
}

/** The same numbers, and then zeros. */
function expectPadded(longer: Tensor, shorter: Tensor, tolerance: number): void {
  expectAlike([...longer.data.subarray(0, shorter.data.length)], [...shorter.data], tolerance);
  expect(longer.data.subarray(shorter.data.length).every((value) => Object.is(value, 0))).toBe(true);
}

/** Longer by some steps; NaN, and numbers beyond every vocabulary, wherever a sequence has ended. */
function withPadding({ input, target }: NetworkDescription, batch: Batch, steps: number): Batch {
  const time = batch.time + steps;
  const stretch = <D extends Int32Array | Values>(data: D, width: number): D => {
    const longer = new (data.constructor as new (length: number) => D)(time * batch.size * width);
    longer.set(data as never);
    const junk = data instanceof Int32Array ? 1e9 : Number.NaN;
    for (let row = 0; row < batch.size; row++)
      for (let t = batch.lengths[row] as number; t < time; t++)
        longer.fill(junk, (t * batch.size + row) * width, (t * batch.size + row + 1) * width);
    return longer;
  };
  const perStep = target.per === 'step';
  return {
    ...batch,
    time,
    inputs: { x: stretch(batch.inputs.x as Int32Array, input.kind === 'ids' ? 1 : input.size) },
    ...(perStep && {
      targets: stretch(batch.targets as Int32Array, target.kind === 'class' ? 1 : target.size),
      weights: stretch(batch.weights as Values, 1),
    }),
  };
}
