// Bags without layers: logistic regression, against a dense one that is computed by hand in float64.
import { describe, expect, it } from 'vitest';
import { type Example, isUnrolledError, type Json, registry, type Tensors } from '../src/index.ts';

const bag = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'bag-of-ngrams' } },
  layers: [],
  task: { use: 'linear' },
  trainer: { use: 'bptt' },
  backend: { use: 'reference' },
} as const;

const classifier = (learningRate: number) =>
  registry.pipeline({ ...bag, optimizer: { use: 'sgd', with: { learningRate } } });
const binary = (learningRate: number) =>
  registry.pipeline({
    ...bag,
    loss: { use: 'binary-cross-entropy' },
    optimizer: { use: 'sgd', with: { learningRate } },
  });

const data = [
  { text: 'rain and wind and rain', label: 'wet' },
  { text: 'sun', label: 'dry' },
  { text: 'sun and rain', label: 'wet' },
  { text: 'snow snow snow and wind', label: 'cold' },
  { text: 'wind and sun sun', label: 'dry' },
  { text: 'wind and rain', label: 'cold' },
];
const columns = ['and', 'rain', 'snow', 'sun', 'wind'];
const labels = ['cold', 'dry', 'wet'];

/** Counts of the columns, dense. */
const counts = (text: string) => columns.map((column) => text.split(' ').filter((word) => word === column).length);
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);

/** Rows of `output.Why` and `output.by`. */
function weightsOf(parameters: Tensors, outputs: number): { W: number[][]; b: number[] } {
  const [W, b] = [parameters['output.Why'], parameters['output.by']];
  expect(W?.shape).toEqual([outputs, columns.length]);
  const row = (index: number) => Array.from(W?.data.slice(index * columns.length, (index + 1) * columns.length) ?? []);
  return { W: Array.from({ length: outputs }, (_, index) => row(index)), b: Array.from(b?.data ?? []) };
}

function softmax(logits: readonly number[]): number[] {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / total);
}

/** Mean gradient of the cross-entropy of labels, and the mean loss. */
function dense({ W, b }: { W: number[][]; b: number[] }, examples: readonly { text: string; label: string }[]) {
  const gradient = { W: W.map((row) => row.map(() => 0)), b: b.map(() => 0) };
  let loss = 0;
  for (const { text, label } of examples) {
    const x = counts(text);
    const p = softmax(W.map((row, output) => dot(row, x) + (b[output] as number)));
    loss -= Math.log(p[labels.indexOf(label)] as number) / examples.length;
    for (const [output, name] of labels.entries()) {
      const error = ((p[output] as number) - (name === label ? 1 : 0)) / examples.length;
      gradient.b[output] = (gradient.b[output] as number) + error;
      const row = gradient.W[output] as number[];
      for (const [k, value] of x.entries()) row[k] = (row[k] as number) + error * value;
    }
  }
  return { gradient, loss };
}

describe('a bag and a linear layer', () => {
  it('take the step of gradient descent that dense logistic regression takes', async () => {
    const rate = 0.7;
    const [still, moved] = [classifier(0), classifier(rate)];
    const settings = { epochs: 1, batchSize: data.length };
    const history = await still.fit(data, settings);
    await moved.fit(data, settings);
    const before = weightsOf((await still.anatomy()).parameters, 3);
    const after = weightsOf((await moved.anatomy()).parameters, 3);
    const { gradient, loss } = dense(before, data);
    expect(history.epochs[0]?.loss).toBeCloseTo(loss, 12);
    const squares = [...gradient.W.flat(), ...gradient.b].reduce((sum, value) => sum + value * value, 0);
    expect(history.epochs[0]?.gradientNorm).toBeCloseTo(Math.sqrt(squares), 12);
    const stepped = (from: number[], by: number[]) => from.map((value, k) => value - rate * (by[k] as number));
    for (const [output, row] of before.W.entries())
      for (const [k, value] of stepped(row, gradient.W[output] as number[]).entries())
        expect(after.W[output]?.[k]).toBeCloseTo(value, 12);
    for (const [k, value] of stepped(before.b, gradient.b).entries()) expect(after.b[k]).toBeCloseTo(value, 12);
  });

  it('end where the loss, which is convex, has no slope: at the optimum of logistic regression', async () => {
    // Every word alone has every label too, so that nothing parts them and the optimum is finite.
    const alone = columns.flatMap((text) => labels.map((label) => ({ text, label })));
    const mixed = [...data, ...alone, ...alone];
    const pipeline = registry.pipeline({ ...bag, optimizer: { use: 'momentum', with: { learningRate: 0.4 } } });
    await pipeline.fit(mixed, { epochs: 600, batchSize: mixed.length });
    const found = weightsOf((await pipeline.anatomy()).parameters, 3);
    const { gradient, loss } = dense(found, mixed);
    for (const slope of [...gradient.W.flat(), ...gradient.b]) expect(Math.abs(slope)).toBeLessThan(1e-6);
    const evaluation = await pipeline.evaluate(mixed);
    expect(evaluation.loss).toBeCloseTo(loss, 12);
    expect(evaluation.calibration.negativeLogLikelihood).toBeCloseTo(loss, 12);
  });

  it('answer with the softmax of the weights times the counts, in any batch and after loading', async () => {
    const pipeline = classifier(0.5);
    await pipeline.fit(data, { epochs: 5, batchSize: 4 });
    const weights = weightsOf((await pipeline.anatomy()).parameters, 3);
    const texts = [...data.map(({ text }) => text), 'hail', 'sun hail wind', '!'];
    const predictions = await pipeline.predict(texts);
    for (const [index, { probabilities }] of predictions.entries()) {
      const x = counts(texts[index] as string);
      const p = softmax(weights.W.map((row, output) => dot(row, x) + (weights.b[output] as number)));
      for (const [output, label] of labels.entries()) expect(probabilities[label]).toBeCloseTo(p[output] as number, 12);
    }
    expect(await pipeline.predict(texts, { batchSize: 2 })).toEqual(predictions);
    const loaded = await registry.load(await pipeline.toFiles({ slim: true }));
    expect(await loaded.predict(texts)).toEqual(predictions);
    expect(await loaded.evaluate(data)).toEqual(await pipeline.evaluate(data));
    loaded.dispose();
  });

  it('know nothing of order', async () => {
    const pipeline = classifier(0.5);
    await pipeline.fit(data, { epochs: 5, batchSize: 4 });
    const plain = await pipeline.evaluate(data);
    for (const shuffleSteps of [0, 1, 2]) expect(await pipeline.evaluate(data, { shuffleSteps })).toEqual(plain);
  });

  it('tell two labels apart by one logit, with the loss of yes and no', async () => {
    const two = data.map(({ text, label }) => ({ text, label: label === 'dry' ? 'dry' : 'not' }));
    const [still, moved] = [binary(0), binary(1)];
    await still.fit(two, { epochs: 1 });
    await moved.fit(two, { epochs: 1 });
    const before = weightsOf((await still.anatomy()).parameters, 1);
    const after = weightsOf((await moved.anatomy()).parameters, 1);
    const error = two.map(({ text, label }) => {
      const logit = dot(before.W[0] as number[], counts(text)) + (before.b[0] as number);
      return (1 / (1 + Math.exp(-logit)) - (label === 'not' ? 1 : 0)) / two.length;
    });
    for (const [k, value] of (before.W[0] as number[]).entries()) {
      const slope = dot(
        error,
        two.map(({ text }) => counts(text)[k] as number),
      );
      expect(after.W[0]?.[k]).toBeCloseTo(value - slope, 12);
    }
    expect(after.b[0]).toBeCloseTo((before.b[0] as number) - error.reduce((sum, each) => sum + each, 0), 12);
  });

  it('lie open as columns and numbers', async () => {
    const pipeline = classifier(0.1);
    await pipeline.fit(data, { epochs: 1 });
    const { inputs, lengths } = await (await pipeline.anatomy()).batch('rain sun rain');
    expect(inputs).toEqual({ x: Int32Array.of(1, 3), value: Float64Array.of(2, 1) });
    expect([...lengths]).toEqual([2]);
  });

  it('can neither be read piece by piece nor in windows', async () => {
    const pipeline = classifier(0.1);
    await pipeline.fit(data, { epochs: 1 });
    await expect(pipeline.step('rain')).rejects.toMatchObject({ code: 'NETWORK_DOES_NOT_STREAM' });
    const trainer = { use: 'truncated-bptt', with: { every: 2, window: 2 } } as const;
    const windows = registry.pipeline({ ...bag, optimizer: { use: 'sgd' }, trainer });
    await expect(windows.fit(data)).rejects.toMatchObject({ code: 'TRAINER_MISFIT' });
  });
});

describe('what does not fit', () => {
  const optimizer = { use: 'sgd' } as const;
  /** The sentence that the manifest as plain data is refused with. */
  const refusal = (manifest: unknown): string => {
    try {
      registry.resolve(manifest as Json);
    } catch (error) {
      if (isUnrolledError(error, 'MANIFEST_MISFIT')) return error.message;
      throw error;
    }
    return 'nothing';
  };
  const embedding = { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding' } } as const;
  const layers = [{ use: 'vanilla' }] as const;

  it('is a linear layer over steps, with the same sentence for the types and at run time', () => {
    const sentence = '✗ task "linear" accepts a bag, but it is fed steps';
    const steps = { ...bag, optimizer, input: embedding };
    // @ts-expect-error ✗ task "linear" accepts a bag, but it is fed steps
    expect(() => registry.pipeline(steps)).toThrow(sentence);
    expect(refusal({ ...steps, layers })).toContain(sentence);
  });

  it('is a bag for a task of steps', () => {
    const sentence = '✗ task "many-to-one" accepts steps, but it is fed a bag';
    const task = { use: 'many-to-one' } as const;
    // @ts-expect-error ✗ task "many-to-one" accepts steps, but it is fed a bag
    expect(() => registry.pipeline({ ...bag, optimizer, task })).toThrow(sentence);
    expect(refusal({ ...bag, task: { use: 'many-to-many' } })).toContain(
      '✗ task "many-to-many" accepts steps, but it is fed a bag',
    );
    expect(refusal({ ...bag, task: { use: 'language-model' } })).toContain(
      '✗ task "language-model" accepts steps, but it is fed a bag',
    );
  });

  it('is a bag for a recurrent layer', () => {
    const sentence = '✗ cell "vanilla" accepts steps, but vectorizer "bag-of-ngrams" emits a bag';
    // @ts-expect-error ✗ cell "vanilla" accepts steps, but vectorizer "bag-of-ngrams" emits a bag
    expect(() => registry.pipeline({ ...bag, optimizer, layers })).toThrow(sentence);
  });
});

describe('shuffled steps', () => {
  const recurrent = registry.pipeline({
    ...bag,
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
    layers: [{ use: 'vanilla', with: { units: 3 } }],
    task: { use: 'many-to-one' },
    optimizer: { use: 'adam', with: { learningRate: 0.05 } },
  });
  const ordered: Example[] = Array.from({ length: 20 }, (_, index) => ({
    text: index % 2 ? 'first then last and more' : 'last then first and more',
    label: index % 2 ? 'up' : 'down',
  }));

  it('are another order for each example, the same for a seed, in any batch; without order little is known', async () => {
    await recurrent.fit(ordered, { epochs: 30, batchSize: 4 });
    expect((await recurrent.evaluate(ordered)).accuracy).toBe(1);
    const shuffled = await recurrent.evaluate(ordered, { shuffleSteps: 3 });
    expect(shuffled.accuracy).toBeLessThan(0.95);
    expect(shuffled.examples).toBe(20);
    const { loss, ...rest } = await recurrent.evaluate(ordered, { shuffleSteps: 3, batchSize: 3 });
    expect({ ...rest, loss: shuffled.loss }).toEqual(shuffled);
    expect(loss).toBeCloseTo(shuffled.loss, 12);
    expect((await recurrent.evaluate(ordered, { shuffleSteps: 4 })).loss).not.toBe(shuffled.loss);
  });

  it.each([-1, 0.5, Number.NaN, '1', null, 2 ** 53])('need a seed, which %j is not', async (shuffleSteps) => {
    await recurrent.fit(ordered, { epochs: 1 });
    await expect(recurrent.evaluate(ordered, { shuffleSteps: shuffleSteps as number })).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      message: expect.stringContaining('"shuffleSteps" must be a whole number of at least 0'),
    });
  });
});
