// The default registry while you type: manifests of the plug-ins that ship, and the pipelines they make.
import { describe, expect, expectTypeOf, it } from 'vitest';
import { defaultManifest, type Evaluation, type Example, type Pipeline, registry } from '../src/index.ts';

const base = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 4 } } },
  layers: [{ use: 'vanilla', with: { units: 4 } }],
  task: { use: 'many-to-one', with: { pool: 'mean' } },
  optimizer: { use: 'adam', with: { learningRate: 0.05 } },
  trainer: { use: 'bptt' },
  backend: { use: 'wasm' },
} as const;
const examples: readonly Example[] = Array.from({ length: 24 }, (_, index) =>
  index % 2 === 0
    ? { text: `a good film ${index}`, label: 'positive' }
    : { text: `a bad film ${index}`, label: 'negative' },
);

describe('the default registry', () => {
  it('makes the example of the design, and its pipeline knows the labels', () => {
    const pipeline = registry.pipeline({
      input: {
        tokenizer: { use: 'words', with: { lowercase: true } },
        vectorizer: { use: 'embedding', with: { size: 64 } },
      },
      target: { labels: ['negative', 'positive'] },
      layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both', dropout: { input: 0.5 } }],
      task: { use: 'many-to-one', with: { pool: 'max' } },
      loss: { use: 'categorical-cross-entropy' },
      optimizer: { use: 'adam', with: { learningRate: 0.001 }, clip: { norm: 1 } },
      trainer: { use: 'bptt' },
      backend: { use: 'wasm' },
    });
    expectTypeOf(pipeline).toEqualTypeOf<Pipeline<'negative' | 'positive'>>();
    expect(pipeline.manifest.target).toEqual({ labels: ['negative', 'positive'] });
  });

  it('makes its default manifest', () => {
    const { layers, backend } = registry.resolve(defaultManifest);
    expect([layers[0]?.plugin.name, backend.plugin.name]).toEqual(['lstm', 'wasm']);
  });

  it('refuses a two-way layer with the truncated trainer', () => {
    const layers = [{ use: 'lstm', direction: 'both' }] as const;
    const trainer = { use: 'truncated-bptt', with: { every: 20, window: 20 } } as const;
    const sentence = '✗ direction "both" needs the whole sequence, but trainer "truncated-bptt" sees a window of it';
    // @ts-expect-error ✗ direction "both" needs the whole sequence, but trainer "truncated-bptt" sees a window of it
    expect(() => registry.manifest({ ...base, layers, trainer })).toThrow(sentence);
  });

  it('refuses a vectorizer of tokens without a tokenizer', () => {
    const input = { vectorizer: { use: 'one-hot' } } as const;
    const sentence = '✗ vectorizer "one-hot" reads tokens, but input names no tokenizer';
    // @ts-expect-error ✗ vectorizer "one-hot" reads tokens, but input names no tokenizer
    expect(() => registry.manifest({ ...base, input })).toThrow(sentence);
  });

  it('refuses a loss over numbers', () => {
    const sentence = '✗ loss "squared-error" compares with numbers, but the targets are labels';
    // @ts-expect-error ✗ loss "squared-error" compares with numbers, but the targets are labels
    expect(() => registry.manifest({ ...base, loss: { use: 'squared-error' } })).toThrow(sentence);
  });

  it('refuses a precision that the reference lacks', () => {
    const backend = { use: 'reference', precision: 'float32' } as const;
    expect(() => registry.manifest({ ...base, backend })).toThrow(
      '✗ backend "reference" computes in float64, not in float32',
    );
  });

  it('refuses an option of another cell', () => {
    const options = { units: 4, forgetBias: 1 } as const;
    expect(() => registry.resolve({ ...base, layers: [{ use: 'vanilla', with: options }] })).toThrow(
      'layers[0].with of cell "vanilla": option "forgetBias" is not known; options are units, recurrentDropout, zoneout, layerNorm, initial.',
    );
    // @ts-expect-error 'forgetBias' does not exist in type 'Partial<VanillaOptions>'
    const wrong = () => registry.manifest({ ...base, layers: [{ use: 'vanilla', with: { units: 4, forgetBias: 1 } }] });
    expect(wrong).toThrow('forgetBias');
  });
});

describe('a pipeline of the registry', () => {
  it('learns, predicts labels of its own type, and loads from what it saved', async () => {
    const pipeline = registry.pipeline({ ...base, target: { labels: ['negative', 'positive'] } });
    await pipeline.fit(examples, { epochs: 8, batchSize: 8 });
    const { label, probabilities } = await pipeline.predict('such a good film');
    expectTypeOf(label).toEqualTypeOf<'negative' | 'positive'>();
    expectTypeOf(probabilities).toEqualTypeOf<Readonly<Record<'negative' | 'positive', number>>>();
    expect(label).toBe('positive');
    const evaluation = await pipeline.evaluate(examples);
    expectTypeOf(evaluation).toEqualTypeOf<Evaluation<'negative' | 'positive'>>();
    const model = await registry.load<'negative' | 'positive'>(await pipeline.toFiles());
    expect(await model.predict('such a good film')).toEqual({
      label,
      probabilities,
      probability: probabilities.positive,
    });
    model.dispose();
    pipeline.dispose();
  });
});
