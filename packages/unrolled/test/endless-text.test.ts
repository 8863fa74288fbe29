// An endless text: its windows cut by hand, a run that is cut anywhere and goes on, and writing, here and in a worker.
import { reference } from '@unrolled/backend-reference';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Backend,
  type Batch,
  type Compile,
  createRegistry,
  type Example,
  type FitSettings,
  type GeneratedToken,
  initialise,
  type Model,
  memoryCheckpoints,
  type NetworkDescription,
  permutation,
  registry,
} from '../src/index.ts';
import { openWorker, type RegistryWorker } from '../src/worker.ts';
import { bytesOf } from './support.ts';

const parts = {
  input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
  layers: [{ use: 'lstm', with: { units: 5 }, dropout: { input: 0.2 } }],
  task: { use: 'language-model', with: { dropout: 0.1 } },
  optimizer: { use: 'adam', with: { learningRate: 0.03 }, clip: { norm: 1 } },
  trainer: { use: 'truncated-bptt', with: { every: 4 } },
  backend: { use: 'wasm' },
} as const;

/** 65 tokens, boundaries included: 64 steps, so that shares of windows are exact. */
const text = 'a cab, a bad cab, a dab; a bead, a cafe, a faded bee fed a cad';
const data: Example[] = [{ text: text.slice(0, 20) }, { text: text.slice(20) }];

describe('an endless text', () => {
  it('is learned in the bits of its windows, cut by hand, with the state carried on', async () => {
    let described: NetworkDescription | undefined;
    const recorder: Backend = {
      ...reference,
      name: 'recorder',
      compile: (options): Compile => {
        const compile = reference.compile(options as never);
        return (network, settings) => {
          described = network;
          return compile(network, settings);
        };
      },
    };
    const recording = createRegistry([...registry.plugins, recorder]);
    const pipeline = recording.pipeline({ ...parts, backend: { use: 'recorder' } } as never) as unknown as Model;
    const settings = { epochs: 2, batchSize: 2, seed: 7, stream: true };
    await (pipeline as ReturnType<typeof registry.pipeline>).fit(data, settings);
    const { parameters, batch } = await pipeline.anatomy();

    const idsOf = async ({ text = '' }: Example) => Array.from((await batch(text)).inputs.x as Int32Array);
    const [first = [], second = []] = await Promise.all(data.map(idsOf));
    const ids = [...first, ...second, first[0] as number];
    expect(ids).toHaveLength(65);
    const network = described as NetworkDescription;
    const executable = await reference.compile(reference.options.defaults)(network, {});
    await executable.write({
      parameters: Object.fromEntries(
        executable.parameters.map((info) => [info.name, { shape: info.shape, data: initialise(info, 7) }]),
      ),
    });
    let update = 0;
    for (let epoch = 0; epoch < 2; epoch += 1) {
      // Streams of one length: the batch has them in the order of the epoch's shuffle.
      const rows = Array.from(permutation(2, 7, 'shuffle', 2 * epoch));
      let state = executable.initialState(2);
      for (let from = 0; from < 32; from += 4) {
        const at = (index: number) => (rows[index % 2] as number) * 32 + from + Math.floor(index / 2);
        const window: Batch = {
          size: 2,
          time: 4,
          inputs: { x: Int32Array.from({ length: 8 }, (_, index) => ids[at(index)] as number) },
          targets: Int32Array.from({ length: 8 }, (_, index) => ids[at(index) + 1] as number),
          weights: new Float64Array(8).fill(1 / 8),
          lengths: Int32Array.of(4, 4),
          exampleIndex: Int32Array.from(rows),
          start: Int32Array.of(from, from),
        };
        const key = { seed: 7, update };
        ({ state } = await executable.trainStep(window, state, { key, learningRate: 0.03 }));
        update += 1;
      }
    }
    expect((await executable.read()).parameters).toEqual(parameters);
  });

  it('ends in the same bits wherever its run is cut, inside an epoch too', async () => {
    const settings: FitSettings = { epochs: 2, batchSize: 3, stream: true, validation: 0.2 };
    const train = async (more: FitSettings, steps = Infinity) => {
      const pipeline = registry.pipeline(parts);
      const run = pipeline.fit(data, { ...settings, ...more });
      let count = 0;
      for await (const _ of run) {
        count += 1;
        if (count === steps) break;
      }
      const { epochs } = await run;
      const bytes = await bytesOf(pipeline as unknown as Model);
      return { count, epochs: epochs.map(({ seconds: __, ...rest }) => rest), bytes };
    };
    const whole = await train({});
    expect(whole.count).toBe(2 * Math.ceil(17 / 4));
    for (let steps = 1; steps <= whole.count; steps += 1) {
      const checkpoint = { to: memoryCheckpoints(), every: { updates: 1000 } };
      await train({ checkpoint }, steps);
      const { count, ...rest } = await train({ checkpoint, resume: true });
      expect(count, `cut after ${steps}`).toBe(whole.count - steps);
      expect(rest, `cut after ${steps}`).toEqual({ epochs: whole.epochs, bytes: whole.bytes });
    }
  });

  it('counts its vocabulary on what is learned from alone, and has its boundary in it however rare', async () => {
    const pipeline = registry.pipeline({
      ...parts,
      input: { ...parts.input, vectorizer: { use: 'embedding', with: { size: 3, minimumCount: 2 } } },
    });
    const end = [{ text: `${'abc '.repeat(10)}xyzxyz` }];
    const { report } = await pipeline.fit(end, { epochs: 1, batchSize: 2, stream: true, validation: 0.14 });
    // Of 48 tokens the last 7 are kept apart: all of "xyzxyz" and the end.
    expect(report.training).toMatchObject({ examples: 1, tokens: 40, unknown: 0 });
    expect(report.validation).toMatchObject({ examples: 1, tokens: 6, unknown: 6 });
    expect(report.vocabulary.tokens).toBe(5); // a, b, c, the space and the boundary, which was there once
    const ids = (await (await pipeline.anatomy()).batch('ax')).inputs.x as Int32Array;
    expect(new Set(ids).size).toBe(3);
  });
});

describe('writing', () => {
  const here = registry.pipeline(parts);
  let worker: RegistryWorker<typeof registry>;
  beforeAll(async () => {
    worker = await openWorker();
    await here.fit(data, { epochs: 3, batchSize: 2, stream: true });
  });
  afterAll(() => worker.close());

  it('reads a prompt piece by piece as a whole, white space between pieces too', async () => {
    const { stream: _, ...whole } = await here.step('a cab, a');
    expect(whole).toEqual(await here.predict('a cab, a'));
    let stream: Awaited<ReturnType<typeof here.step>>['stream'] | undefined;
    for (const piece of ['a', ' ', 'cab,', ' ', '', 'a']) ({ stream } = await here.step(piece, stream));
    const { stream: __, ...pieces } = await here.step('', stream);
    expect(pieces).toEqual(whole);
  });

  it('tells how much of the prompt it does not know', async () => {
    const { prompt } = await here.generate('a Ñ b', { maximumLength: 2 });
    expect(prompt).toEqual({ tokens: 5, unknown: 1 });
    expect((await here.generate(undefined, { maximumLength: 2 })).prompt).toEqual({ tokens: 0, unknown: 0 });
    expect((await here.generate(' ', { maximumLength: 2 })).prompt).toEqual({ tokens: 1, unknown: 0 });
  });

  it('goes on after a prompt whose tokens reach over cuts', async () => {
    const graphemes = {
      tokenizer: { use: 'characters', with: { unit: 'grapheme' } },
      vectorizer: parts.input.vectorizer,
    };
    const pipeline = registry.pipeline({ ...parts, input: graphemes } as never) as unknown as typeof here;
    await pipeline.fit(data, { epochs: 1, batchSize: 2, stream: true });
    expect((await pipeline.generate('a cab', { maximumLength: 4 })).prompt).toEqual({ tokens: 5, unknown: 0 });
  });

  it('streams from a worker what it streams here, and stops there', async () => {
    const there = worker.pipeline(parts);
    await there.fit(data, { epochs: 3, batchSize: 2, stream: true });
    const settings = { maximumLength: 30, seed: 4, temperature: 1.5 };
    const collect = async (run: AsyncIterable<GeneratedToken>) => {
      const all: GeneratedToken[] = [];
      for await (const token of run) all.push(token);
      return all;
    };
    expect(await there.generate('a b', settings)).toEqual(await here.generate('a b', settings));
    expect(await collect(there.generate('a b', settings))).toEqual(await collect(here.generate('a b', settings)));
    const run = there.generate('a', { maximumLength: 1_000_000, topK: 3 });
    let seen = 0;
    for await (const _ of run) {
      seen += 1;
      if (seen === 3) break;
    }
    const { tokens, ended } = await run;
    expect(ended || tokens.length < 1_000_000).toBe(true);
    expect(tokens.length).toBeGreaterThanOrEqual(3);
    await expect(Promise.resolve().then(() => there.generate('a', { topK: 0 }))).rejects.toMatchObject({
      code: 'SETTING_INVALID',
    });
  });
});
