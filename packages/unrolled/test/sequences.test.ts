// Sequences from sequences: what is read, learned and measured, against an encoder–decoder that attends, by hand in float64.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Anatomy, type Example, type FitSettings, registry } from '../src/index.ts';

const words = { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 3 } } } as const;
const parts = {
  input: words,
  target: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 2 } } },
  encoder: { layers: [{ use: 'vanilla', with: { units: 4 } }] },
  decoder: { layers: [{ use: 'vanilla', with: { units: 5 } }] },
  attention: { use: 'additive', with: { units: 3 } },
  task: { use: 'encoder-decoder' },
  optimizer: { use: 'adam', with: { learningRate: 0.03 } },
  trainer: { use: 'bptt' },
  backend: { use: 'reference' },
} as const;
const translator = () => registry.pipeline(parts);

const data: Example[] = [
  { text: 'one', target: 'um' },
  { text: 'one two three', target: 'um dois três' },
  { text: 'two', target: 'dois' },
  { text: 'three one two two one', target: 'três um' },
  { text: 'two three', target: 'dois três dois três dois' },
  { text: 'three', target: 'três' },
];

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
const add = (...terms: readonly number[][]) =>
  (terms[0] as number[]).map((_, k) => terms.reduce((sum, term) => sum + (term[k] as number), 0));

/** Logits after each id that the decoder is fed, by the equations. */
function logitsByHand(
  { parameters }: Pick<Anatomy, 'parameters'>,
  source: readonly number[],
  fed: readonly number[],
): number[][] {
  const tensor = (name: string) => parameters[name] as (typeof parameters)[string];
  const vector = (name: string) => Array.from(tensor(name).data);
  const rows = (name: string) => {
    const [count = 0, width = 1] = tensor(name).shape;
    return Array.from({ length: count }, (_, row) =>
      Array.from(tensor(name).data.slice(row * width, (row + 1) * width)),
    );
  };
  const times = (name: string, x: readonly number[]) => rows(name).map((row) => dot(row, x));
  const tanh = (x: readonly number[]) => x.map(Math.tanh);
  const cell = (at: string, x: readonly number[], h: readonly number[]) =>
    tanh(add(times(`${at}.Wxh`, x), times(`${at}.Whh`, h), vector(`${at}.bh`)));
  const memory: number[][] = [];
  for (const id of source)
    memory.push(cell('source.layers.0', rows('source.input.E')[id] as number[], memory.at(-1) ?? [0, 0, 0, 0]));
  let h = tanh(add(times('layers.0.begin.Wbh', memory.at(-1) as number[]), vector('layers.0.begin.bbh')));
  return fed.map((id) => {
    h = cell('layers.0', rows('input.E')[id] as number[], h);
    const query = times('attention.Wq', h);
    const scores = memory.map((m) => Math.exp(dot(vector('attention.v'), tanh(add(query, times('attention.Wk', m))))));
    const total = scores.reduce((sum, score) => sum + score, 0);
    const context = [0, 1, 2, 3].map((k) =>
      memory.reduce((sum, m, s) => sum + ((scores[s] as number) / total) * (m[k] as number), 0),
    );
    const seen = tanh(add(times('attention.Wc', [...context, ...h]), vector('attention.bc')));
    return add(times('output.Why', seen), vector('output.by'));
  });
}

describe('an encoder–decoder that attends', () => {
  const trained = translator();
  let anatomy: Anatomy;
  /** Numbers of target tokens by text: padding and unknown ones come first. */
  let ids: ReadonlyMap<string, number>;
  beforeAll(async () => {
    await trained.fit(data, { epochs: 4, batchSize: 4 });
    anatomy = await trained.anatomy();
    const vocabulary = JSON.parse(new TextDecoder().decode((await trained.toFiles()).get('vocabulary.json')));
    ids = new Map(vocabulary.target.tokens.map((token: string, index: number) => [token, index + 2]));
  });

  it('measures the cross-entropy of true tokens after true tokens, ends included', async () => {
    let [sum, count, right] = [0, 0, 0];
    for (const example of data) {
      const { inputs, sourceLengths } = await anatomy.batch(example);
      const source = Array.from(inputs.source as Int32Array).slice(0, sourceLengths?.[0]);
      const boundary = inputs.x?.[0] as number;
      const target = (example.target as string).split(' ').map((token) => ids.get(token) as number);
      expect(source).toHaveLength((example.text as string).split(' ').length);
      const logits = logitsByHand(anatomy, source, [boundary, ...target]);
      for (const [step, id] of [...target, boundary].entries()) {
        const own = logits[step] as number[];
        sum += Math.log(own.reduce((all, logit) => all + Math.exp(logit), 0)) - (own[id] as number);
        count += 1;
        right += own.indexOf(Math.max(...own)) === id ? 1 : 0;
      }
    }
    for (const batchSize of [1, 4, 32]) {
      const measured = await trained.evaluate(data, { batchSize });
      expect(measured).toMatchObject({ examples: data.length, skipped: 0, tokens: count });
      expect(measured.loss).toBeCloseTo(sum / count, 12);
      expect(measured.accuracy).toBeCloseTo(right / count, 12);
      expect(measured.perplexity).toBeCloseTo(Math.exp(sum / count), 10);
    }
  });

  it('reports that loss in training too', async () => {
    const frozen = registry.pipeline({ ...parts, optimizer: { use: 'sgd', with: { learningRate: 0 } } });
    const { epochs, report } = await frozen.fit(data, { epochs: 1, batchSize: 4, validation: data });
    const { loss, accuracy } = await frozen.evaluate(data);
    expect(epochs[0]?.loss).toBeCloseTo(loss, 12);
    expect(epochs[0]?.accuracy).toBeCloseTo(accuracy, 12);
    expect(epochs[0]?.validation?.loss).toBeCloseTo(loss, 12);
    expect(report.targetVocabulary).toBeDefined();
  });

  it('knows of no labels, and is neither read piece by piece nor goes on writing a prompt', async () => {
    expect(trained.info()).toMatchObject({ learns: 'sequence', labels: [], labelCounts: {} });
    await expect(trained.step('one')).rejects.toMatchObject({ code: 'NETWORK_DOES_NOT_STREAM' });
    expect(() => trained.generate('one')).toThrow(expect.objectContaining({ code: 'NOT_AVAILABLE' }) as Error);
  });
});

describe('learning', () => {
  it.each<[string, object, string]>([
    ['TARGET_MISSING', { text: 'one' }, 'Example 3 has no target'],
    ['TARGET_MISSING', { text: 'one', target: 7 }, 'Example 3 has no target'],
    ['TARGET_EMPTY', { text: 'one', target: ' … ' }, 'Example 3 has a target without a token'],
    ['EXAMPLE_EMPTY', { text: ' ', target: 'um' }, 'Example 3 has an empty or all-whitespace text.'],
    ['EXAMPLE_INVALID', { values: [[1]], target: 'um' }, 'Example 3 has no text'],
  ])('is refused with %s: %j', async (code, example, message) => {
    const bad = [...data.slice(0, 2), example as Example];
    const refusal = { code, message: expect.stringContaining(message) };
    await expect(translator().fit(bad)).rejects.toMatchObject(refusal);
    const pipeline = translator();
    await pipeline.fit(data, { epochs: 1 });
    await expect(pipeline.evaluate(bad)).rejects.toMatchObject(refusal);
  });

  it('holds a share back, and records another target as other data', async () => {
    const pipeline = translator();
    const { report } = await pipeline.fit(data, { epochs: 1, validation: 1 / 3 });
    expect(report).toMatchObject({ labels: {}, training: { examples: 4 }, validation: { examples: 2 } });
    const { dataHash } = pipeline.info();
    await pipeline.fit([{ text: 'one', target: 'uma' }, ...data.slice(1)], { epochs: 1 });
    expect(pipeline.info().dataHash).not.toBe(dataHash);
  });

  it('needs target tokens with numbers', async () => {
    const numbers = registry.pipeline({
      ...parts,
      target: { tokenizer: { use: 'words' }, vectorizer: { use: 'numeric' } },
    });
    await expect(numbers.fit(data, { epochs: 1 })).rejects.toMatchObject({ code: 'TARGET_NOT_TOKENS' });
    const bags = registry.pipeline({
      ...parts,
      target: { tokenizer: { use: 'words' }, vectorizer: { use: 'bag-of-ngrams' } },
    });
    await expect(bags.fit(data, { epochs: 1 })).rejects.toMatchObject({ code: 'TARGET_NOT_TOKENS' });
  });

  it('refuses settings of other tasks, and other tasks refuse its own', async () => {
    const fit = (settings: FitSettings) => translator().fit(data, { epochs: 1, validation: 1 / 3, ...settings });
    for (const settings of [
      { threshold: 0.5 },
      { calibrate: true },
      { classWeights: 'balanced' },
      { stream: true },
    ] as const)
      await expect(fit(settings)).rejects.toMatchObject({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(`"${Object.keys(settings)[0]}"`),
      });
    const { input, optimizer, trainer, backend } = parts;
    const layers = [{ use: 'vanilla', with: { units: 2 } }] as const;
    const labelled = [
      { text: 'one', label: 'a' },
      { text: 'two', label: 'b' },
    ];
    const one = registry.pipeline({ input, layers, task: { use: 'many-to-one' }, optimizer, trainer, backend });
    await expect(one.fit(labelled, { scheduledSampling: 0.5 })).rejects.toMatchObject({ code: 'SETTING_INVALID' });
    await expect(translator().evaluate(data)).rejects.toMatchObject({ code: 'NOT_FITTED' });
  });
});
