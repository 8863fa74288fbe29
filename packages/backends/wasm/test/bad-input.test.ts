// What is refused, in which words, and that the executable goes on as if it had not been asked.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import {
  type Batch,
  beginStreams,
  type CompileSettings,
  type Executable,
  isUnrolledError,
  type UnrolledError,
} from '@unrolled/core';
import { afterEach, describe, expect, test } from 'vitest';
import { wasmBackend } from '../src/index.ts';
import { batchOf, bitsOf, layerOf, lstmLayer, moduleOf, networkOf, ragged, weightsOf } from './trials.ts';

const compile = wasmBackend();
const opened: Executable[] = [];
afterEach(() => {
  for (const executable of opened.splice(0)) executable.dispose();
});

async function open(network = networkOf(), threads = 1): Promise<Executable> {
  const executable = await compile(network, { threads });
  opened.push(executable);
  await executable.write({ parameters: weightsOf(executable) });
  return executable;
}

/** The error of Unrolled that a call ends in. */
async function errorOf(call: () => unknown): Promise<UnrolledError> {
  try {
    await call();
  } catch (error) {
    if (isUnrolledError(error)) return error;
    throw error;
  }
  throw new Error('The call succeeded.');
}

async function step(executable: Executable, batch: Batch, update = 0, accumulate = false) {
  const key = { seed: 3, update };
  return executable.trainStep(batch, executable.initialState(batch.size), { key, learningRate: 0.05, accumulate });
}

async function weightBits(executable: Executable): Promise<string> {
  const { parameters, optimizer, accumulated, updates } = await executable.read();
  return bitsOf(parameters, optimizer, accumulated, updates);
}

describe('memory', () => {
  /** Its pairs of steps need 64 numbers each. */
  const attention = networkOf({
    layers: [
      layerOf(
        moduleOf(
          `e[t,s] = tanh(Wq @ x[t] + Wk @ x[s])
           h[t] = tanh(sum_s(e[t,s]))`,
          'h',
          { Wq: ['units', 'inputs'], Wk: ['units', 'inputs'] },
          { sizes: { units: 64 } },
        ),
      ),
    ],
  });

  test('that a batch needs beyond 4 GiB is predicted and refused with its size, and nothing changes', async () => {
    const executable = await open(attention);
    const small = batchOf(attention, ragged(4, 6));
    await step(executable, small, 0);
    const before = await weightBits(executable);
    // 8 sequences of 1,500 steps: 18 million pairs of 64 numbers, 4.3 GiB.
    const huge = batchOf(attention, new Array(8).fill(1500));
    const { rss } = process.memoryUsage();
    for (const call of [
      () => step(executable, huge),
      () => executable.gradients(huge, executable.initialState(8), {}),
      () => executable.trace(huge, executable.initialState(8), ['layers.0.e']),
    ]) {
      const error = await errorOf(call);
      expect(error.code).toBe('MEMORY_REFUSED');
      const [, size = ''] = /This call needs (\d+) MiB of memory, more than the 4096 MiB/.exec(error.message) ?? [];
      expect(Number(size)).toBeGreaterThan((8 * 1500 ** 2 * 64 * 4) / 2 ** 20);
      expect(Number(size)).toBeLessThan((1.2 * 3 * 8 * 1500 ** 2 * 64 * 4) / 2 ** 20);
    }
    expect(process.memoryUsage().rss - rss).toBeLessThan(200 * 2 ** 20);
    expect(await weightBits(executable)).toBe(before);
    const untouched = await open(attention);
    await step(untouched, small, 0);
    const [again, other] = [await step(executable, small, 1), await step(untouched, small, 1)];
    expect(bitsOf(again.state, again.loss)).toBe(bitsOf(other.state, other.loss));
  });

  test('that the weights need beyond 4 GiB is refused before anything is compiled', async () => {
    const error = await errorOf(() => open(networkOf({ layers: [lstmLayer(12_000)] })));
    expect(error.code).toBe('MEMORY_REFUSED');
    expect(error.message).toMatch(/^This network needs \d+ MiB.*fewer units/);
  });

  test('that no batch can have is predicted without making anything as large', async () => {
    const { summary } = await open(networkOf());
    for (const shape of [
      { size: 1e6, time: 1e4 },
      { size: 1, time: 2 ** 31 },
    ])
      expect((await errorOf(async () => summary?.(shape))).code).toBe('MEMORY_REFUSED');
    for (const shape of [
      { size: -1, time: 1 },
      { size: 1, time: 0.5 },
    ])
      expect((await errorOf(async () => summary?.(shape))).code).toBe('BATCH_INVALID');
  });

  test('that the engine does not give is refused with the size, and smaller batches go on', async () => {
    const script = fileURLToPath(new URL('little-memory.ts', import.meta.url));
    // 16 MiB at most for a WebAssembly memory of this process.
    const flags = ['--wasm-max-mem-pages=256', '--conditions=@unrolled/source', '--import', 'tsx', script];
    const { stdout } = await promisify(execFile)(process.execPath, flags);
    const { code, message, same } = JSON.parse(stdout) as Record<'code' | 'message', string> & { same: boolean };
    expect(code).toBe('MEMORY_REFUSED');
    expect(message).toMatch(/^This call needs \d\d MiB of memory, which the engine refused\./);
    expect(same).toBe(true);
  });
});

describe('a worker that dies', () => {
  /** Enough work that all threads take part. */
  const network = networkOf({ layers: [lstmLayer(64)] });
  const batch = batchOf(network, ragged(32, 40));

  test('between steps gives the caller its error; a new executable goes on from what was read', async () => {
    const workers: Worker[] = [];
    const watch = (worker: Worker): void => void workers.push(worker);
    process.on('worker', watch);
    const executable = await open(network, 5);
    const whole = await open(network, 1);
    for (let update = 0; update < 2; update++)
      for (const each of [executable, whole]) await step(each, batch, update, update === 1);
    process.off('worker', watch);
    expect(workers).toHaveLength(4);
    const saved = await executable.read();
    await workers[2]?.terminate();
    const error = await errorOf(() => step(executable, batch, 2));
    expect(error.code).toBe('POOL_BROKEN');
    expect(isUnrolledError(error.cause, 'THREAD_FAILED')).toBe(true);
    expect((await errorOf(() => step(executable, batchOf(network, [1]), 2))).code).toBe('POOL_BROKEN');
    expect(bitsOf((await executable.read()).parameters)).toBe(bitsOf(saved.parameters));
    executable.dispose();
    const next = await open(network, 5);
    await next.write(saved);
    for (let update = 2; update < 4; update++) for (const each of [next, whole]) await step(each, batch, update);
    expect(await weightBits(next)).toBe(await weightBits(whole));
  });
});

describe('after dispose', () => {
  test('every call says so, and disposing again does nothing', async () => {
    const network = networkOf({ layers: [lstmLayer(5)] });
    const executable = await open(network);
    const batch = batchOf(network, [3, 2]);
    const state = executable.initialState(2);
    const stream = beginStreams(executable, 2);
    const { parameters } = await executable.read();
    executable.dispose();
    executable.dispose();
    const calls: readonly (() => unknown)[] = [
      () => executable.initialState(2),
      () => executable.forward(batch, state, { mode: 'infer' }),
      () => executable.step(stream, new Float32Array(12)),
      () => executable.gradients(batch, state, {}),
      () => executable.trainStep(batch, state, { key: { seed: 1, update: 0 }, learningRate: 0.1 }),
      () => executable.trace(batch, state, ['layers.0.h']),
      () => executable.read(),
      () => executable.write({ parameters }),
    ];
    for (const call of calls) expect((await errorOf(call)).code).toBe('EXECUTABLE_DISPOSED');
  });

  test('calls that were waiting say so too', async () => {
    const network = networkOf();
    const executable = await open(network, 2);
    const batch = batchOf(network, [3, 2]);
    const waiting = [0, 1, 2].map((update) => errorOf(() => step(executable, batch, update)));
    await Promise.resolve();
    executable.dispose();
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual(new Array(3).fill('EXECUTABLE_DISPOSED'));
  });
});

describe('a batch that does not fit', () => {
  const network = networkOf();
  const whole = batchOf(network, [3, 2, 0, 4]);
  const wrong: readonly (readonly [string, Partial<Batch>, RegExp])[] = [
    ['a negative length', { lengths: Int32Array.of(3, -1, 0, 4) }, /a length of -1 in a batch of 4 steps/],
    ['a length beyond its steps', { lengths: Int32Array.of(3, 2, 5, 4) }, /a length of 5 in a batch of 4 steps/],
    [
      'fewer lengths than sequences',
      { lengths: Int32Array.of(3, 2) },
      /lengths of 2 numbers; expected \[batch\], which is 4/,
    ],
    [
      'an input without its features',
      { inputs: { x: new Float32Array(16) } },
      /inputs\.x of 16 numbers.*\[time, batch, 6\]/,
    ],
    ['an input with a further axis', { inputs: { x: new Float32Array(192) } }, /inputs\.x of 192 numbers/],
    ['targets of every step', { targets: new Int32Array(16) }, /targets of 16 numbers; expected \[batch\]/],
    ['fewer weights than targets', { weights: new Float32Array(3) }, /weights of 3 numbers/],
    ['a start of half a batch', { start: new Int32Array(2) }, /start of 2 numbers/],
    ['a class that is none', { targets: Int32Array.of(0, 1, 2, 3) }, /3 in targets/],
  ];

  test.each(wrong)('with %s is refused by name and changes nothing', async (_, parts, message) => {
    const executable = await open(network);
    await step(executable, whole);
    const before = await weightBits(executable);
    const batch = { ...whole, ...parts };
    const state = executable.initialState(4);
    for (const call of [
      () => step(executable, batch, 1),
      () => executable.forward(batch, state, { mode: 'infer' }),
      () => executable.gradients(batch, state, {}),
      () => executable.trace(batch, state, ['layers.0.h']),
    ]) {
      const error = await errorOf(call);
      expect(error.code).toBe('BATCH_INVALID');
      expect(error.message).toMatch(message);
    }
    expect(await weightBits(executable)).toBe(before);
  });

  test('with states of another batch is refused', async () => {
    const executable = await open(network);
    const state = executable.initialState(3);
    const error = await errorOf(() => executable.forward(whole, state, { mode: 'infer' }));
    expect(error.code).toBe('STATE_INVALID');
  });
});

describe('settings', () => {
  test.each([
    [{ threads: 0 }, 'OPTION_INVALID'],
    [{ threads: 1.5 }, 'OPTION_INVALID'],
    [{ threads: 65 }, 'OPTION_INVALID'],
    [{ precision: 'float64' }, 'BACKEND_UNSUPPORTED'],
    [{ numerics: 'exactt' }, 'OPTION_INVALID'],
    [{ memory: 64e6 }, 'OPTION_INVALID'],
    [{ thread: 1 }, 'OPTION_INVALID'],
  ] as const)('%o are refused', async (settings, code) => {
    expect((await errorOf(() => compile(networkOf(), settings as CompileSettings))).code).toBe(code);
  });
});

describe('calls that are begun together', () => {
  const network = networkOf({ layers: [lstmLayer(8, { dropout: { output: 0.3 } })] });
  const batches = [0, 1, 2, 3, 4, 5].map((i) => batchOf(network, ragged(3 + i, 4 + i), { name: `number ${i}` }));

  test('run one after the other, in their order, whatever they are', async () => {
    const [patient, hasty] = [await open(network, 2), await open(network, 2)];
    const calls: readonly ((executable: Executable) => Promise<string>)[] = [
      async (each) => bitsOf((await step(each, batches[0] as Batch, 0)).state),
      async (each) => bitsOf((await step(each, batches[1] as Batch, 1, true)).state),
      async (each) => {
        const batch = batches[2] as Batch;
        const options = { key: { seed: 3, update: 1 }, learningRate: 0.05, statesAt: [0, 2, 3, 9] };
        const { intermediate = [], gradientNorm } = await each.trainStep(batch, each.initialState(batch.size), options);
        return bitsOf(...intermediate, gradientNorm);
      },
      async (each) => bitsOf((await each.read()).parameters),
      async (each) => {
        const batch = batches[3] as Batch;
        const result = await each.gradients(batch, each.initialState(batch.size), { key: { seed: 1, update: 4 } });
        return bitsOf(result.parameters, result.inputs);
      },
      async (each) => bitsOf((await each.step(beginStreams(each, 2), new Float32Array(12).fill(0.3)))[0].values),
      async (each) => {
        await each.write({ parameters: weightsOf(each), updates: 7 });
        return '';
      },
      async (each) => {
        const batch = batches[4] as Batch;
        return bitsOf(await each.trace(batch, each.initialState(batch.size), ['layers.0.h', 'layers.0.i']));
      },
      async (each) => bitsOf((await step(each, batches[5] as Batch, 2)).state),
      weightBits,
    ];
    const one: string[] = [];
    for (const call of calls) one.push(await call(patient));
    expect(await Promise.all(calls.map((call) => call(hasty)))).toEqual(one);
  });

  test('of which one is refused leave the others as they are', async () => {
    const [patient, hasty] = [await open(network), await open(network)];
    for (const batch of [0, 2]) await step(patient, batches[batch] as Batch, batch);
    const bad = { ...(batches[1] as Batch), lengths: Int32Array.of(-1) };
    const refused = [
      step(hasty, batches[0] as Batch, 0),
      errorOf(() => step(hasty, bad, 1)),
      step(hasty, batches[2] as Batch, 2),
    ];
    await Promise.all(refused);
    expect(await weightBits(hasty)).toBe(await weightBits(patient));
  });
});
