// What truncation must be equal to: the whole gradient where nothing is cut, and itself however it is run.

import { type Batch, type Executable, isUnrolledError, type Tensors, type Values } from '@unrolled/core';
import { relativeError } from '@unrolled/goldens';
import { bpttTrainer } from '@unrolled/trainer-bptt';
import { truncatedBptt, truncatedBpttTrainer } from '@unrolled/trainer-truncated-bptt';
import { describe, expect, test } from 'vitest';
import { batchOf, compiled, type Head, network, trained } from './setting.ts';

const heads = ['steps', 'last', 'mean', 'max'] as const;
const ragged = [11, 4, 0, 7, 1];

/** The calls that reach the executable, which answers them as ever. */
function recorded(executable: Executable): { executable: Executable; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const spied: Executable = {
    parameters: executable.parameters,
    states: executable.states,
    streams: executable.streams,
    initialState: executable.initialState,
    step: executable.step,
    gradients: executable.gradients,
    trace: executable.trace,
    read: executable.read,
    write: executable.write,
    dispose: executable.dispose,
    forward: (...given) => {
      calls.push(['forward', ...given]);
      return executable.forward(...given);
    },
    trainStep: (...given) => {
      calls.push(['trainStep', ...given]);
      return executable.trainStep(...given);
    },
  };
  return { executable: spied, calls };
}

describe.each(heads)('nothing cut, %s', (head) => {
  const description = network(head, { optimizer: 'adam', dropout: true });

  test.each(['window', 'sequence'] as const)(
    'every and window as long as the longest: one call, the same bits (update: %s)',
    async (update) => {
      const batch = batchOf(ragged, head);
      const whole = recorded(await compiled(description));
      const cut = recorded(await compiled(description));
      const expected = await trained(bpttTrainer(), whole.executable, batch, head);
      const progress = await trained(truncatedBpttTrainer({ every: 11, update }), cut.executable, batch, head);
      expect(progress).toEqual(expected);
      expect(cut.calls).toEqual(whole.calls);
      expect(cut.calls[0]?.[1]).toBe(batch);
      expect(await cut.executable.read()).toEqual(await whole.executable.read());
    },
  );

  test('every short, window long, one update: the whole gradient to 1e-12, dropout masks included', async () => {
    const rate = 1;
    const plain = network(head, { dropout: true });
    const batch = batchOf(ragged, head);
    const whole = await compiled(plain);
    const [expected] = await trained(bpttTrainer(), whole, batch, head, { rate });
    for (const every of [1, 3, 4]) {
      const cut = await compiled(plain);
      const progress = await trained(
        truncatedBpttTrainer({ every, window: 11, update: 'sequence' }),
        cut,
        batch,
        head,
        { rate },
      );
      expect(progress).toHaveLength(Math.ceil(11 / every));
      expect(progress.map(({ updated }) => updated)).toEqual(progress.map((_, index) => index === progress.length - 1));
      expect(progress.at(-1)?.loss).toBeCloseTo(expected?.loss as number, 12);
      expect(progress.at(-1)?.gradientNorm).toBeCloseTo(expected?.gradientNorm as number, 12);
      await expectSame(cut, whole, 1e-12);
    }
  });

  test('with weights that stay, outputs and states are those of the whole', async () => {
    const plain = network(head, { dropout: true });
    const batch = batchOf(ragged, head, 2);
    const [expected] = await trained(bpttTrainer(), await compiled(plain), batch, head, { rate: 0 });
    for (const [every, window] of [
      [3, 3],
      [2, 5],
      [4, 20],
      [1, 2],
    ] as const) {
      const train = truncatedBpttTrainer({ every, window, update: 'sequence' });
      const last = (await trained(train, await compiled(plain), batch, head, { rate: 0 })).at(-1);
      // Not to the bit: a mean that is carried on from window to window is summed in another order.
      expect(last?.output?.shape).toEqual(expected?.output?.shape);
      expectClose(last?.output?.data, expected?.output?.data, 1e-14);
      for (const [name, { shape, data }] of Object.entries(expected?.state ?? {})) {
        expect(last?.state?.[name]?.shape).toEqual(shape);
        expectClose(last?.state?.[name]?.data, data, 1e-14);
      }
    }
  });
});

describe.each(heads)('something cut, %s', (head) => {
  test('a gradient over windows is not the whole one', async () => {
    const batch = batchOf([9], head);
    const whole = await compiled(network(head));
    const cut = await compiled(network(head));
    await trained(bpttTrainer(), whole, batch, head);
    await trained(truncatedBpttTrainer({ every: 3, update: 'sequence' }), cut, batch, head);
    expect(await distance(cut, whole)).toBeGreaterThan(1e-4);
  });

  test('sequences add up as if each were alone', async () => {
    const rate = 1;
    const batch = batchOf(ragged, head);
    const train = truncatedBpttTrainer({ every: 3, window: 4, update: 'sequence' });
    const start = (await (await compiled(network(head))).read()).parameters;
    const together = await compiled(network(head));
    await trained(train, together, batch, head, { rate });
    const alone = await Promise.all(
      ragged.map(async (_, row) => {
        const executable = await compiled(network(head));
        await trained(train, executable, rowOf(batch, row, head), head, { rate });
        return (await executable.read()).parameters;
      }),
    );
    const found = (await together.read()).parameters;
    for (const [name, { data }] of Object.entries(start)) {
      const sum = data.map(
        (value, i) => value + alone.reduce((all, one) => all + (one[name]?.data[i] as number) - value, 0),
      );
      expect(relativeError(found[name]?.data as Float64Array, sum), name).toBeLessThan(1e-12);
    }
  });

  test.each(['window', 'sequence'] as const)(
    'an all-padding neighbour and padded steps change no bit (update: %s)',
    async (update) => {
      const description = network(head, { optimizer: 'adam', dropout: true });
      const train = truncatedBpttTrainer({ every: 3, window: 5, update });
      const [alone, padded] = [await compiled(description), await compiled(description)];
      const batch = batchOf([8, 5], head);
      const first = (await trained(train, alone, batch, head)).at(-1);
      const neighbour = batchOf([8, 5, 0], head, 4);
      const second = (await trained(train, padded, neighbour, head)).at(-1);
      expect(await padded.read()).toEqual(await alone.read());
      expect(second?.loss).toBe(first?.loss);
    },
  );

  test.each(['window', 'sequence'] as const)(
    'stopped after any window and gone on with elsewhere, it ends in the same bits (update: %s)',
    async (update) => {
      const description = network(head, { optimizer: 'adam', dropout: true });
      const train = truncatedBpttTrainer({ every: 2, window: 5, update });
      const batch = batchOf(ragged, head);
      const whole = await compiled(description);
      const expected = await trained(train, whole, batch, head);
      expect(expected).toHaveLength(6);
      for (let until = 1; until < expected.length; until++) {
        const before = await compiled(description);
        const steps = await trained(train, before, batch, head, { until });
        const saved = structuredClone({ cursor: steps.at(-1)?.cursor, snapshot: await before.read() });
        const after = await compiled(description);
        await after.write(saved.snapshot);
        const from = steps.filter(({ updated }) => updated).length;
        if (saved.cursor === undefined) throw new Error('there is more to come');
        const rest = await trained(train, after, batch, head, { from, cursor: saved.cursor });
        expect([...steps, ...rest]).toEqual(expected);
        expect(await after.read()).toEqual(await whole.read());
      }
    },
  );
});

test('a cursor does not change after it was handed out', async () => {
  const train = truncatedBpttTrainer({ every: 2, window: 5 });
  const copies: { cursor: unknown; copy: unknown }[] = [];
  const executable = await compiled(network('steps'));
  const context = { seed: 1, updates: () => 0, learningRate: () => 0.1, answers: 'each-step' } as const;
  for await (const { cursor } of train(executable, batchOf(ragged, 'steps'), context))
    copies.push({ cursor, copy: structuredClone(cursor) });
  for (const { cursor, copy } of copies) expect(cursor).toEqual(copy);
});

describe('windows without a loss', () => {
  test('one loss at the end of a sequence: one update, and the states are carried to it', async () => {
    const description = network('last', { optimizer: 'adam', dropout: true });
    const whole = await compiled(description);
    const cut = recorded(await compiled(description));
    const batch = batchOf([10], 'last');
    await trained(bpttTrainer(), whole, batch, 'last');
    const progress = await trained(truncatedBpttTrainer({ every: 3, window: 12 }), cut.executable, batch, 'last');
    expect(progress.map(({ updated }) => updated)).toEqual([false, false, false, true]);
    expect(cut.calls.map(([name]) => name)).toEqual(['forward', 'forward', 'forward', 'trainStep']);
    // The last window reaches back to the first step, so its gradient is the whole one.
    expect(await cut.executable.read()).toEqual(await whole.read());
  });

  test('weights change at each window where a sequence ends, with the learning rate and masks of that update', async () => {
    const { executable, calls } = recorded(await compiled(network('mean')));
    let updates = 7;
    const rates: number[] = [];
    const context = {
      seed: 2,
      answers: 'once',
      updates: () => updates,
      learningRate: () => rates.push(updates) / 10,
    } as const;
    const flags: boolean[] = [];
    for await (const { updated } of truncatedBpttTrainer({ every: 3 })(executable, batchOf(ragged, 'mean'), context)) {
      flags.push(updated);
      if (updated) updates += 1;
    }
    // Ends: 11 in the fourth window, 4 in the second, 7 in the third, 1 in the first.
    expect(flags).toEqual([true, true, true, true]);
    expect(rates).toEqual([7, 8, 9, 10]);
    expect(calls.map((call) => (call[3] as { key: unknown }).key)).toEqual(
      [7, 8, 9, 10].map((update) => ({ seed: 2, update })),
    );
  });

  test('steps that weigh nothing make no update; the end of the batch applies what was added up', async () => {
    const silent = (from: number): Batch => {
      const batch = batchOf([9], 'steps');
      return { ...batch, weights: batch.weights?.map((weight, step) => (step < from ? weight : 0)) as Float64Array };
    };
    const flagsOf = async (batch: Batch, update: 'window' | 'sequence') => {
      const executable = await compiled(network('steps'));
      const progress = await trained(truncatedBpttTrainer({ every: 3, update }), executable, batch, 'steps');
      const { accumulated, updates } = await executable.read();
      return { flags: progress.map(({ updated }) => updated), waiting: Object.keys(accumulated).length, updates };
    };
    expect(await flagsOf(silent(3), 'window')).toEqual({ flags: [true, false, false], waiting: 0, updates: 1 });
    expect(await flagsOf(silent(3), 'sequence')).toEqual({ flags: [false, false, true], waiting: 0, updates: 1 });
    expect(await flagsOf(silent(0), 'window')).toEqual({ flags: [false, false, false], waiting: 0, updates: 0 });
    expect(await flagsOf(silent(0), 'sequence')).toEqual({ flags: [false, false, false], waiting: 0, updates: 0 });
  });
});

test('a stream: the state passes from batch to batch', async () => {
  const description = network('steps', { optimizer: 'adam' });
  const train = truncatedBpttTrainer({ every: 3 });
  const long = batchOf([12, 12], 'steps');
  const half = (from: number): Batch => {
    const steps = <D extends Int32Array | Float64Array>(data: D) => data.slice(from * 2, (from + 6) * 2) as D;
    return {
      ...long,
      time: 6,
      inputs: { x: steps(long.inputs.x as Int32Array) },
      targets: steps(long.targets as Int32Array),
      weights: steps(long.weights as Float64Array),
      lengths: Int32Array.of(6, 6),
      start: Int32Array.of(from, from),
    };
  };
  const [one, two] = [await compiled(description), await compiled(description)];
  const whole = (await trained(train, one, long, 'steps')).at(-1);
  const first = (await trained(train, two, half(0), 'steps')).at(-1);
  const second = (
    await trained(train, two, half(6), 'steps', { from: 2, ...(first?.state && { state: first.state }) })
  ).at(-1);
  expect(second?.state).toEqual(whole?.state);
  expect(await two.read()).toEqual(await one.read());
});

describe('misfits', () => {
  test('a window shorter than every', () => {
    const wrong = () => truncatedBpttTrainer({ every: 5, window: 4 });
    expect(wrong).toThrow('option "window" must be at least option "every", but window is 4 and every is 5.');
    expect(() => truncatedBptt.check({ every: 5, window: 4, update: 'window' })).toThrow();
    try {
      wrong();
    } catch (error) {
      expect(isUnrolledError(error, 'OPTION_INVALID')).toBe(true);
    }
    expect(() => truncatedBpttTrainer({ every: 50 })).not.toThrow();
    expect(() => truncatedBpttTrainer({ every: 0 })).toThrow('must be a whole number of at least 1, but 0 was given');
  });

  test('a layer that runs backward, unless nothing is cut', async () => {
    const { layers, ...rest } = network('last');
    const executable = await compiled({
      ...rest,
      layers: layers.map((layer) => ({ ...layer, direction: 'backward' })),
    });
    const batch = batchOf([6, 2], 'last');
    await expect(trained(truncatedBpttTrainer({ every: 3 }), executable, batch, 'last')).rejects.toMatchObject({
      code: 'TRAINER_MISFIT',
      message: expect.stringContaining('Layer 0 (vanilla) runs backward'),
    });
    expect(await trained(truncatedBpttTrainer({ every: 6 }), executable, batch, 'last')).toHaveLength(1);
  });
});

function expectClose(found: Values | undefined, expected: Values | undefined, tolerance: number): void {
  if (!found || !expected) throw new Error('there is nothing to compare');
  expect(relativeError(found as Float64Array, expected as Float64Array)).toBeLessThan(tolerance);
}

async function expectSame(a: Executable, b: Executable, tolerance: number): Promise<void> {
  const [found, expected] = [(await a.read()).parameters, (await b.read()).parameters];
  for (const [name, { data }] of Object.entries(expected)) expectClose(found[name]?.data, data, tolerance);
}

async function distance(a: Executable, b: Executable): Promise<number> {
  const [found, expected]: [Tensors, Tensors] = [(await a.read()).parameters, (await b.read()).parameters];
  return Math.max(
    ...Object.entries(expected).map(([name, { data }]) =>
      relativeError(found[name]?.data as Float64Array, data as Float64Array),
    ),
  );
}

/** One sequence of a batch as a batch of its own. */
function rowOf(batch: Batch, row: number, head: Head): Batch {
  const { size, time } = batch;
  const column = <D extends Int32Array | Float64Array>(data: D) => data.filter((_, index) => index % size === row) as D;
  const own = <D extends Int32Array | Float64Array>(data: D) =>
    head === 'steps' ? column(data) : (data.slice(row, row + 1) as D);
  return {
    size: 1,
    time,
    inputs: { x: column(batch.inputs.x as Int32Array) },
    lengths: batch.lengths.slice(row, row + 1),
    targets: own(batch.targets as Int32Array),
    weights: own(batch.weights as Float64Array),
    exampleIndex: batch.exampleIndex.slice(row, row + 1),
    start: new Int32Array(1),
  };
}
