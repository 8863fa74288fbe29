// Every feature of layers in every task that reads steps: trained on wasm beside the float64 reference, which is fed the same batches.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Backend,
  type Compile,
  createRegistry,
  type Example,
  type Executable,
  type Json,
  type Pipeline,
  reference,
  registry,
  type Tensors,
  type TrainStepResult,
  wasm,
} from '../src/index.ts';

type Layer = Readonly<Record<string, Json>>;

/** Layers by what they show, of `units` units over an input of as many. */
const features: Readonly<Record<string, (cell: string, units: number) => readonly Layer[]>> = {
  'stacked layers, residual, with dropout': (use, units) => [
    { use, with: { units }, dropout: { input: 0.3, output: 0.4 } },
    { use: 'vanilla', with: { units }, residual: true },
  ],
  'a two-way layer below one that runs backward': (use, units) => [
    { use: 'vanilla', with: { units: 2 }, direction: 'both' },
    { use, with: { units }, direction: 'backward' },
  ],
  'variational dropout, zoneout and learned beginnings': (use, units) => [
    {
      use,
      with: {
        units,
        initial: 'learned',
        recurrentDropout: 0.3,
        zoneout: 0.2,
        ...(use === 'lstm' && { cellZoneout: 0.4 }),
      },
      dropout: { inputSequence: 0.25 },
    },
  ],
  'layer normalisation': (use, units) => [{ use, with: { units, layerNorm: true } }],
};

/** Features whose layers read what comes later. */
const twoWay = new Set(['a two-way layer below one that runs backward']);

const texts = ['abca', 'b', 'cab', 'ba'];
const units = 5;
const embedded = (size: number) => ({
  tokenizer: { use: 'characters' },
  vectorizer: { use: 'embedding', with: { size } },
});

interface TaskCase {
  readonly task: string;
  readonly cell: string;
  /** The manifest's own parts, with these layers. */
  readonly parts: (layers: readonly Layer[], feature: string) => Readonly<Record<string, Json>>;
  readonly data: readonly Example[];
  readonly streams: boolean;
  readonly readsBack: boolean;
}

/** A decoder writes forward, so two-way layers are its encoder's. */
const bothSides = (layers: readonly Layer[], feature: string) => ({
  target: embedded(units),
  encoder: { layers },
  decoder: { layers: twoWay.has(feature) ? [{ use: 'vanilla', with: { units } }] : layers },
  task: { use: 'encoder-decoder' },
});
const reversed = texts.map((text): Example => ({ text, target: [...text].reverse().join('') }));

const tasks: readonly TaskCase[] = [
  {
    task: 'many-to-one',
    cell: 'lstm',
    parts: (layers) => ({ layers, task: { use: 'many-to-one', with: { pool: 'last' } } }),
    data: texts.map((text) => ({ text, label: text.startsWith('a') ? 'yes' : 'no' })),
    streams: true,
    readsBack: true,
  },
  {
    task: 'many-to-many',
    cell: 'vanilla',
    parts: (layers) => ({ layers, task: { use: 'many-to-many' } }),
    data: texts.map((text) => ({ text, labels: [...text].map((letter, step) => (step > 1 ? 'late' : letter)) })),
    streams: true,
    readsBack: true,
  },
  {
    task: 'language-model',
    cell: 'lstm',
    parts: (layers) => ({ layers, task: { use: 'language-model' } }),
    data: texts.map((text) => ({ text })),
    streams: true,
    readsBack: false,
  },
  {
    task: 'encoder-decoder',
    cell: 'lstm',
    parts: bothSides,
    data: reversed,
    streams: false,
    readsBack: true,
  },
  {
    task: 'encoder-decoder that attends',
    cell: 'vanilla',
    parts: (layers, feature) => ({ ...bothSides(layers, feature), attention: { use: 'additive', with: { units: 3 } } }),
    data: reversed,
    streams: false,
    readsBack: true,
  },
];

/** Largest difference, by the measure of all backends: over the larger of 1e-3 and the largest value. */
function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(found.length).toBe(wanted.length);
  const largest = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return (
    Array.from(found).reduce((most, value, at) => Math.max(most, Math.abs(value - (wanted[at] as number))), 0) / largest
  );
}

function expectNear(what: string, found: Tensors, wanted: Tensors, tolerance: number): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [name, { data }] of Object.entries(wanted))
    expect(distance(found[name]?.data ?? [], data), `${what} ${name}`).toBeLessThan(tolerance);
}

/** Executes on both, and compares loss, gradients and what an update makes of the weights. */
function besideTheReference(ours: Executable, exact: Executable, losses: number[]): Executable {
  return {
    ...ours,
    // Logits are compared, so no backend may give classes in their place.
    trainStep: async (batch, state, { output: _, ...settings }): Promise<TrainStepResult> => {
      const { key, learningRate } = settings;
      const { parameters: before = {} } = await ours.read();
      await exact.write({ parameters: before });
      const { parameters: gradients } = await exact.gradients(batch, state, { key });
      const expected = await exact.trainStep(batch, state, settings);
      const result = await ours.trainStep(batch, state, settings);
      losses.push(expected.loss);
      expect(distance([result.loss], [expected.loss]), 'loss').toBeLessThan(1e-5);
      expect(distance(result.output.data, expected.output.data), 'output').toBeLessThan(1e-5);
      const [weights, others] = [await ours.read(), await exact.read()];
      expectNear('updated', weights.parameters ?? {}, others.parameters ?? {}, 1e-5);
      // Plain steepest descent: what was taken off, over the rate, is the gradient, but for the rounding of the weights.
      const found = Object.entries(weights.parameters ?? {}).map(([name, { shape, data }]) => {
        const slopes = Array.from(data, (after, at) => ((before[name]?.data[at] as number) - after) / learningRate);
        return [name, { shape, data: Float64Array.from(slopes) }] as const;
      });
      expectNear('gradient of', Object.fromEntries(found), gradients, 1e-4);
      return result;
    },
    dispose: () => {
      ours.dispose();
      exact.dispose();
    },
  };
}

/** A pipeline on wasm whose steps of training are compared, and the losses that the reference had. */
function compared({ parts }: TaskCase, layers: readonly Layer[], feature: string) {
  const losses: number[] = [];
  const both: Backend = {
    ...wasm,
    name: 'both',
    compile: (options): Compile => {
      const [ours, exact] = [wasm.compile(options as never), reference.compile({})];
      return async (network, settings) => {
        const executable = await ours(network, settings);
        return network.optimizer ? besideTheReference(executable, await exact(network, {}), losses) : executable;
      };
    },
  };
  const pipeline = createRegistry([...registry.plugins, both]).pipeline({
    input: embedded(units),
    trainer: { use: 'bptt' },
    ...parts(layers, feature),
    optimizer: { use: 'sgd', with: { learningRate: 2 } },
    backend: { use: 'both', threads: 1 },
  } as never) as unknown as Pipeline<string, any>;
  return { pipeline, losses };
}

/** Two batches, each of sequences of several lengths; the second sees what the first has changed. */
const settings = { epochs: 1, batchSize: 2, seed: 5 };

describe.each(tasks.map((each) => [each.task, each] as const))('%s', (_, task) => {
  let plain: readonly number[];
  beforeAll(async () => {
    const { pipeline, losses } = compared(task, [{ use: task.cell, with: { units } }], 'plain');
    await pipeline.fit(task.data, settings);
    pipeline.dispose();
    plain = losses;
  });
  const suiting = Object.entries(features).filter(([name]) => task.readsBack || !twoWay.has(name));

  it.each(suiting)('with %s', async (feature, layersOf) => {
    const { pipeline, losses } = compared(task, layersOf(task.cell, units), feature);
    await pipeline.fit(task.data, settings);
    expect(losses).toHaveLength(2);
    expect(losses.at(-1), 'the loss without').not.toBe(plain.at(-1));

    // Neither neighbours nor padding, nor reading piece by piece, changes a bit.
    const inputs = task.data.map(({ text = '' }) => text);
    const answers: readonly object[] = await pipeline.predict(inputs, { batchSize: inputs.length });
    for (const index of [0, 1]) expect(await pipeline.predict(inputs[index] as string)).toEqual(answers[index]);
    if (task.streams && !twoWay.has(feature)) {
      const [text = ''] = inputs;
      let last: { stream: never } | undefined;
      const steps: { labels?: readonly string[]; probabilities: readonly number[] }[] = [];
      for (const letter of text) {
        last = (await pipeline.step({ tokens: [letter] }, last?.stream)) as never;
        steps.push(last as never);
      }
      if (task.task === 'many-to-many')
        expect({
          labels: steps.flatMap(({ labels = [] }) => labels),
          probabilities: steps.flatMap(({ probabilities }) => probabilities),
        }).toEqual({
          labels: (answers[0] as (typeof steps)[number]).labels,
          probabilities: (answers[0] as (typeof steps)[number]).probabilities,
        });
      else expect(last).toMatchObject(answers[0] as object);
    }
    pipeline.dispose();
  });
});

describe('layers that don’t fit are refused with a sentence', () => {
  const [one, , next, sequence] = tasks as readonly [TaskCase, TaskCase, TaskCase, TaskCase];
  const windows = { trainer: { use: 'truncated-bptt', with: { every: 2, window: 2 } } };
  const lstm = (more: Layer = {}): Layer => ({ use: 'lstm', with: { units }, ...more });
  const decoder = (layer: Layer) => ({ ...sequence.parts([lstm()], ''), decoder: { layers: [layer] } });
  const unequal = 'what is added must have equal sizes';

  it.each<[string, TaskCase, Readonly<Record<string, Json>>, string, string]>([
    [
      'residual of another size than its input',
      one,
      one.parts([{ use: 'lstm', with: { units: 3 }, residual: true }], ''),
      'NETWORK_MISFIT',
      `Layer 0 (lstm) is residual, but its input has ${units} units and its output 3: ${unequal}`,
    ],
    [
      'residual of a two-way layer, which is twice as wide',
      one,
      one.parts([lstm({ direction: 'both', residual: true })], ''),
      'NETWORK_MISFIT',
      `Layer 0 (lstm) is residual, but its input has ${units} units and its output ${2 * units}: ${unequal}`,
    ],
    [
      'residual in an encoder',
      sequence,
      { ...sequence.parts([lstm()], ''), encoder: { layers: [{ use: 'lstm', with: { units: 3 }, residual: true }] } },
      'NETWORK_MISFIT',
      'Layer 0 of the encoder (lstm) is residual',
    ],
    [
      'a layer of a language model that reads ahead',
      next,
      next.parts([lstm(), lstm({ direction: 'both' })], ''),
      'MANIFEST_MISFIT',
      'layers[1].direction: ✗ direction "both" reads what comes next, which task "language-model" is to predict',
    ],
    [
      'a two-way layer over windows',
      one,
      { ...one.parts([lstm({ direction: 'both' })], ''), ...windows },
      'MANIFEST_MISFIT',
      '✗ direction "both" needs the whole sequence, but trainer "truncated-bptt" sees a window of it',
    ],
    [
      'an encoder over windows',
      sequence,
      { ...sequence.parts([lstm()], ''), ...windows },
      'TRAINER_MISFIT',
      'Trainer "truncated-bptt" sees a window of each sequence, but this network needs the whole',
    ],
    [
      'a decoder that runs backward',
      sequence,
      decoder(lstm({ direction: 'backward' })),
      'MANIFEST_MISFIT',
      '✗ a decoder generates step by step, so its layers run forward, not "backward"',
    ],
    [
      'a rate of 1',
      one,
      one.parts([{ use: 'lstm', with: { units, recurrentDropout: 1 } }], ''),
      'OPTION_INVALID',
      'option "recurrentDropout" must be a number from 0 to 0.99, but 1 was given',
    ],
  ])('%s', async (_, task, parts, code, message) => {
    const refused = async () => compared({ ...task, parts: () => parts }, [], '').pipeline.fit(task.data, settings);
    await expect(refused()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
