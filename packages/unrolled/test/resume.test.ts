// Interrupted and resumed runs end in the same bits as uninterrupted ones, wherever they are cut and however they die.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '@unrolled/bundled';
import { folderCheckpoints } from '@unrolled/core/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckpointStore, type FitSettings, type History, type Json, memoryCheckpoints } from '../src/index.ts';
import { bytesOf, pipeline, reviews } from './support.ts';

const data = reviews(30);

/** What decides the future: everything of a history but its clock and where it was resumed. */
function lasting({ epochs, resumedFrom: _, seconds: __, ...rest }: History): unknown {
  return { ...rest, epochs: epochs.map(({ seconds: ___, ...epoch }) => epoch) };
}

/** A run in a new pipeline, cut after `steps` reports where that is given. */
async function train(changes: Record<string, Json>, settings: FitSettings, steps = Infinity) {
  const small = pipeline(changes);
  const run = small.fit(data, settings);
  let count = 0;
  for await (const _ of run) {
    count += 1;
    if (count === steps) break;
  }
  return { count, history: await run, small };
}

const runs: [string, Record<string, Json>, FitSettings][] = [
  ['adam, dropout, clipping', {}, { epochs: 2, batchSize: 8, seed: 5 }],
  [
    'early stopping, calibration, class weights',
    { optimizer: { use: 'adam', with: { learningRate: 0.3 } } },
    {
      epochs: 5,
      batchSize: 12,
      validation: 0.2,
      earlyStopping: { patience: 2 },
      calibrate: true,
      classWeights: 'balanced',
      threshold: { tune: 'accuracy' },
    },
  ],
  [
    'windows that update, inside a sequence',
    { trainer: { use: 'truncated-bptt', with: { every: 3, window: 5 } } },
    { epochs: 2, batchSize: 15 },
  ],
  [
    'windows that accumulate, inside a sequence',
    { trainer: { use: 'truncated-bptt', with: { every: 4, window: 4, update: 'sequence' } } },
    { epochs: 2, batchSize: 15 },
  ],
];

describe.each(runs)('%s', (_, changes, settings) => {
  it('ends in the same bits wherever it is cut and resumed', async () => {
    const whole = await train(changes, settings);
    const bytes = await bytesOf(whole.small);
    for (let steps = 1; steps <= whole.count; steps += 1) {
      const store = memoryCheckpoints();
      const checkpoint = { to: store, every: { updates: 1000 } };
      await train(changes, { ...settings, checkpoint }, steps);
      const resumed = await train(changes, { ...settings, checkpoint, resume: true });
      expect(resumed.count, `cut after step ${steps}`).toBe(whole.count - steps);
      expect(await bytesOf(resumed.small), `cut after step ${steps}`).toEqual(bytes);
      expect(lasting(resumed.history)).toEqual(lasting(whole.history));
    }
  });
});

describe('a checkpoint', () => {
  const settings: FitSettings = { epochs: 2, batchSize: 8 };

  it('is written as often as it is asked for, and when a run ends', async () => {
    const positions = async (every: { updates: number } | { epochs: number } | undefined, steps?: number) => {
      const written: number[] = [];
      const memory = memoryCheckpoints();
      const to: CheckpointStore = {
        ...memory,
        write: async (files) => {
          written.push(JSON.parse(new TextDecoder().decode(files.get('checkpoint.json'))).state.updates);
          await memory.write(files);
        },
      };
      await train({}, { ...settings, checkpoint: every ? { to, every } : { to } }, steps);
      return written;
    };
    expect(await positions(undefined)).toEqual([4, 8]);
    expect(await positions({ updates: 3 })).toEqual([3, 6, 8]);
    expect(await positions({ epochs: 2 })).toEqual([8]);
    expect(await positions({ epochs: 2 }, 3)).toEqual([3]);
  });

  it('lets a finished run go on for more epochs', async () => {
    const store = memoryCheckpoints();
    await train({}, { ...settings, checkpoint: { to: store } });
    const more = await train({}, { ...settings, epochs: 4, resume: store });
    const whole = await train({}, { ...settings, epochs: 4 });
    expect(more.history.resumedFrom).toBe(8);
    expect((await bytesOf(more.small))['weights.safetensors']).toEqual(
      (await bytesOf(whole.small))['weights.safetensors'],
    );
  });

  it('is refused where data, settings or manifest are others, saying what differs', async () => {
    const store = memoryCheckpoints();
    await train({}, { ...settings, checkpoint: { to: store } }, 2);
    const mismatch = (message: string) => ({ code: 'CHECKPOINT_MISMATCH', message: expect.stringContaining(message) });
    const resume = (changes: Record<string, Json>, other: FitSettings, examples = data) =>
      pipeline(changes).fit(examples, { ...settings, ...other, resume: store });
    await expect(resume({}, { batchSize: 4 })).rejects.toMatchObject(
      mismatch('settings.batchSize was 8 and is now 4.'),
    );
    await expect(resume({}, {}, reviews(31))).rejects.toMatchObject(mismatch('dataHash was "sha256:'));
    await expect(resume({ layers: [{ use: 'vanilla', with: { units: 7 } }] }, {})).rejects.toMatchObject(
      mismatch('manifest.layers[0].with.units was 6 and is now 7'),
    );
    await expect(resume({}, { resume: memoryCheckpoints() })).resolves.toMatchObject({ resumedFrom: 2 });
  });

  it('goes on with other threads and another bound on memory, to the same bits', async () => {
    const to = memoryCheckpoints();
    const few = { backend: { use: 'wasm', threads: 1 } };
    await train(few, { ...settings, checkpoint: { to } }, 3);
    const more = await train({ backend: { use: 'wasm', threads: 2, memory: '64MB' } }, { ...settings, resume: to });
    const whole = await train(few, settings);
    expect(more.history.resumedFrom).toBe(3);
    expect((await bytesOf(more.small))['weights.safetensors']).toEqual(
      (await bytesOf(whole.small))['weights.safetensors'],
    );
  });

  it('is not found: an error for a store that must hold one, a fresh start with resume: true', async () => {
    const missing = pipeline().fit(data, { ...settings, resume: memoryCheckpoints() });
    await expect(missing).rejects.toMatchObject({ code: 'CHECKPOINT_NOT_FOUND' });
    const fresh = await train({}, { ...settings, checkpoint: { to: memoryCheckpoints() }, resume: true });
    expect(fresh.history).not.toHaveProperty('resumedFrom');
  });

  it('is refused where it is damaged, naming the file', async () => {
    const store = memoryCheckpoints();
    await train({}, { ...settings, checkpoint: { to: store } }, 2);
    const files = new Map(await store.read());
    const damaged = (path: string, change: (bytes: Uint8Array) => Uint8Array | undefined) => {
      const bytes = change(files.get(path)?.slice() as Uint8Array);
      const others = [...files].filter(([name]) => name !== path);
      const read = async () => new Map(bytes ? [...others, [path, bytes] as const] : others);
      return pipeline().fit(data, { ...settings, resume: { name: 'here', read, write: store.write } });
    };
    const flip = (bytes: Uint8Array) => {
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
      return bytes;
    };
    await expect(damaged('tensors.safetensors', flip)).rejects.toThrow(
      'tensors.safetensors of the checkpoint is damaged: its checksum is not the one in checkpoint.json.',
    );
    await expect(damaged('vocabulary.json', (bytes) => bytes.slice(0, 10))).rejects.toMatchObject({
      code: 'CHECKPOINT_CORRUPT',
    });
    await expect(damaged('checkpoint.json', (bytes) => bytes.slice(0, 10))).rejects.toMatchObject({
      code: 'CHECKPOINT_CORRUPT',
    });
    await expect(damaged('tensors.safetensors', () => undefined)).rejects.toMatchObject({
      code: 'CHECKPOINT_INCOMPLETE',
    });
    const newer = (bytes: Uint8Array) =>
      new TextEncoder().encode(new TextDecoder().decode(bytes).replace('"version": 1', '"version": 9'));
    await expect(damaged('checkpoint.json', newer)).rejects.toMatchObject({ code: 'CHECKPOINT_NEWER' });
  });
});

describe('a folder of checkpoints', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'unrolled-resume-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  const settings: FitSettings = { epochs: 2, batchSize: 8 };

  it('keeps the current one alone, and clears what a killed process left', async () => {
    const folder = join(root, 'kept');
    await train({}, { ...settings, checkpoint: { to: folder, every: { updates: 1 } } }, 3);
    expect((await readdir(folder)).sort()).toEqual(['checkpoint-000003', 'current']);
    await mkdir(join(folder, 'checkpoint-000004'));
    await writeFile(join(folder, 'checkpoint-000004', 'tensors.safetensors'), 'half');
    await writeFile(join(folder, 'current.new'), 'checkpoint-0000');
    const resumed = await train({}, { ...settings, checkpoint: { to: folder }, resume: true });
    expect(resumed.history.resumedFrom).toBe(3);
    expect((await readdir(folder)).sort()).toEqual(['checkpoint-000006', 'current']);
    expect(await bytesOf(resumed.small)).toEqual(await bytesOf((await train({}, settings)).small));
  });

  it('stays as it was where a new one cannot be written; the pipeline keeps its weights', async () => {
    const folder = join(root, 'full');
    const store = folderCheckpoints(folder);
    let writes = 0;
    // A name that no file system takes fails in the middle of writing, as a full disk does.
    const to: CheckpointStore = {
      ...store,
      write: (files) => {
        writes += 1;
        return store.write(writes < 3 ? files : new Map([...files, ['x'.repeat(300), new Uint8Array(1)]]));
      },
    };
    const small = pipeline();
    await expect(small.fit(data, { ...settings, checkpoint: { to, every: { updates: 1 } } })).rejects.toMatchObject({
      code: 'CHECKPOINT_WRITE_FAILED',
      message: expect.stringContaining('The one before it was kept'),
    });
    expect((await readdir(folder)).sort()).toEqual(['checkpoint-000002', 'current']);
    expect((await small.predict('good')).label).toBeDefined();
    const resumed = await train({}, { ...settings, resume: folder });
    expect(resumed.history.resumedFrom).toBe(2);
    expect(await bytesOf(resumed.small)).toEqual(await bytesOf((await train({}, settings)).small));
  });

  it('is also what a saved model has inside', async () => {
    const folder = join(root, 'model');
    const { small } = await train({}, settings);
    await small.save(folder);
    const more = await train({}, { ...settings, epochs: 3, resume: folder });
    expect((await bytesOf(more.small))['weights.safetensors']).toEqual(
      (await bytesOf((await train({}, { ...settings, epochs: 3 })).small))['weights.safetensors'],
    );
    await rm(join(folder, 'checkpoint'), { recursive: true });
    await expect(pipeline().fit(data, { ...settings, resume: folder })).rejects.toMatchObject({
      code: 'CHECKPOINT_NOT_FOUND',
    });
  });

  it('survives processes that are killed at any moment', async () => {
    const folder = join(root, 'killed');
    const program = await bundleProgram(new URL('./killed-run.ts', import.meta.url));
    let killed = 0;
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const child = spawn(process.execPath, [program.path, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      let lines = 0;
      const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
      child.stdout.on('data', (chunk: Buffer) => {
        lines += chunk.toString().split('\n').length - 1;
        // Somewhere in the steps after the second: while it computes, while it writes, between two renames.
        if (lines >= 2) setTimeout(() => child.kill('SIGKILL'), attempt * 5);
      });
      if ((await ended) === 'SIGKILL') killed += 1;
    }
    program.remove();
    expect(killed).toBeGreaterThan(1);
    const settled: FitSettings = { epochs: 8, batchSize: 2, checkpoint: { to: folder, every: { updates: 1 } } };
    const resumed = await train({}, { ...settled, resume: true });
    expect(resumed.history.resumedFrom).toBeGreaterThan(4);
    const whole = await train({}, { epochs: 8, batchSize: 2 });
    expect(await bytesOf(resumed.small)).toEqual(await bytesOf(whole.small));
    expect(lasting(resumed.history)).toEqual(lasting(whole.history));
  });
});
