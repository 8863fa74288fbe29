// Labels of steps: what is read, learned, predicted and measured, against counts and sums made by hand in float64.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Example, type FitSettings, registry, type StepEvaluation } from '../src/index.ts';

const parts = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
  layers: [{ use: 'vanilla', with: { units: 4 } }],
  task: { use: 'many-to-many' },
  optimizer: { use: 'adam', with: { learningRate: 0.05 } },
  trainer: { use: 'bptt' },
  backend: { use: 'reference' },
} as const;

const tagger = () => registry.pipeline(parts);
const quick: FitSettings = { epochs: 2, batchSize: 4 };

const words = ['the', 'cat', 'can', 'see', 'a', 'dog'];

/** Sentences whose every third step, and every step after "the", has a label of its own: order counts. */
function sentences(count: number): (Example & { tokens: string[]; labels: string[] })[] {
  return Array.from({ length: count }, (_, index) => {
    const tokens = Array.from({ length: 1 + (index % 7) }, (_, at) => words[(index * 5 + at * (1 + (index % 3))) % 6]);
    const labels = tokens.map((_, at) => (tokens[at - 1] === 'the' ? 'after' : at % 3 === 2 ? 'third' : 'other'));
    return { text: tokens.join(' '), tokens: tokens as string[], labels };
  });
}

const data = sentences(24);
const labels = ['after', 'other', 'third'];

describe('a trained tagger', () => {
  const trained = tagger();
  let measured: StepEvaluation;
  beforeAll(async () => {
    await trained.fit(data, { ...quick, epochs: 8 });
    measured = await trained.evaluate(data);
  });

  it('measures what a hand counts of its predictions', async () => {
    const steps = data.flatMap((example) => example.labels);
    const answers = (await trained.predict(data)).flatMap((prediction) => prediction.labels);
    const count = (truth: string, answer: string) =>
      steps.filter((label, at) => label === truth && answers[at] === answer).length;
    const confusion = labels.map((truth) => labels.map((answer) => count(truth, answer)));
    const right = steps.filter((label, at) => label === answers[at]).length;
    expect(new Set(answers).size).toBeGreaterThan(1); // a tagger that answers one label would hide faults
    expect(measured).toMatchObject({ examples: 24, steps: steps.length, skipped: 0, confusion });
    expect(measured.accuracy).toBeCloseTo(right / steps.length, 12);
    expect(measured.majority).toBeCloseTo(steps.filter((label) => label === 'other').length / steps.length, 12);
    for (const [index, label] of labels.entries()) {
      const answered = answers.filter((answer) => answer === label).length;
      const hits = (confusion[index] as number[])[index] as number;
      const support = steps.filter((each) => each === label).length;
      const scores = measured.labels[label];
      expect(scores?.support).toBe(support);
      expect(scores?.recall).toBeCloseTo(hits / support, 12);
      expect(scores?.precision).toBeCloseTo(answered === 0 ? 0 : hits / answered, 12);
    }
  });

  it('gives the probabilities and the loss that its equations give by hand', async () => {
    const { parameters, batch } = await trained.anatomy();
    const at = (name: string, row: number, column: number) => {
      const { shape, data } = parameters[name] as (typeof parameters)[string];
      return data[row * (shape[1] ?? 1) + column] as number;
    };
    const sum = (count: number, term: (index: number) => number) =>
      Array.from({ length: count }, (_, index) => term(index)).reduce((all, each) => all + each, 0);
    let [loss, steps] = [0, 0];
    for (const example of data) {
      const ids = (await batch(example)).inputs.x as Int32Array;
      const found = await trained.predict(example);
      let h = [0, 0, 0, 0];
      for (const [step, id] of ids.entries()) {
        const before = h;
        h = before.map((_, unit) =>
          Math.tanh(
            sum(3, (k) => at('layers.0.Wxh', unit, k) * at('input.E', id, k)) +
              sum(4, (k) => at('layers.0.Whh', unit, k) * (before[k] as number)) +
              at('layers.0.bh', unit, 0),
          ),
        );
        const y = labels.map(
          (_, label) => sum(4, (k) => at('output.Why', label, k) * (h[k] as number)) + at('output.by', label, 0),
        );
        const total = sum(3, (label) => Math.exp(y[label] as number));
        const probabilities = y.map((logit) => Math.exp(logit) / total);
        const best = probabilities.indexOf(Math.max(...probabilities));
        expect(found.labels[step]).toBe(labels[best]);
        expect(found.probabilities[step]).toBeCloseTo(probabilities[best] as number, 10);
        loss -= Math.log(probabilities[labels.indexOf(example.labels[step] as string)] as number);
        steps += 1;
      }
    }
    expect(measured.loss).toBeCloseTo(loss / steps, 10);
  });

  it('says the same in any batch, beside any neighbour, from a stream and step by step', async () => {
    const expected = await Promise.all(data.map((example) => trained.predict(example)));
    for (const batchSize of [1, 5, 24]) expect(await trained.predict(data, { batchSize })).toEqual(expected);
    const seen = [];
    for await (const prediction of trained.predict(data.values())) seen.push(prediction);
    expect(seen).toEqual(expected);
    for (const batchSize of [1, 7]) {
      const { loss, ...rest } = await trained.evaluate(data, { batchSize });
      expect(loss).toBeCloseTo(measured.loss, 12);
      expect({ ...rest, loss: measured.loss }).toEqual(measured);
    }
    const [example, whole] = [data[13] as Example & { tokens: string[] }, expected[13]];
    let stream: Awaited<ReturnType<typeof trained.step>>['stream'] | undefined;
    const found: [string, number][] = [];
    for (const piece of [example.tokens.slice(0, 1), [], example.tokens.slice(1, 4), example.tokens.slice(4)]) {
      const answer = await trained.step({ tokens: piece }, stream);
      for (const [at, label] of answer.labels.entries()) found.push([label, answer.probabilities[at] as number]);
      expect(answer.tokens).toEqual(piece);
      stream = answer.stream;
    }
    expect(found.map(([label]) => label)).toEqual(whole?.labels);
    expect(found.map(([, probability]) => probability)).toEqual(whole?.probabilities);
  });

  it('comes back from its files, also without the task', async () => {
    const files = await trained.toFiles();
    const loaded = await registry.load<string, 'labels'>(files);
    expect(loaded.info()).toEqual(trained.info());
    expect(loaded.info()).toMatchObject({ learns: 'labels', labels });
    expect(await loaded.predict(data)).toEqual(await trained.predict(data));
    expect(await loaded.evaluate(data)).toEqual(measured);
    loaded.dispose();
  });

  it('counts training steps of each label, not examples', () => {
    const steps = data.flatMap((example) => example.labels);
    const counts = labels.map((label) => [label, steps.filter((each) => each === label).length]);
    expect(trained.info().labelCounts).toEqual(Object.fromEntries(counts));
  });

  it('lays an example open by its own tokens, and has no label of an example', async () => {
    const { batch } = await trained.anatomy();
    const own = { text: 'the cat', tokens: ['the', 'cat', 'see'], labels: ['a', 'b', 'c'] };
    expect((await batch(own)).time).toBe(3);
    await expect(batch(own, 'after')).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });
  });

  it('neither writes nor shuffles', async () => {
    expect(() => trained.generate('the')).toThrow(expect.objectContaining({ code: 'NOT_AVAILABLE' }) as Error);
    await expect(trained.evaluate(data, { shuffleSteps: 1 })).rejects.toMatchObject({ code: 'SETTING_INVALID' });
  });
});

describe('tokens and labels', () => {
  it('are taken as they stand, though the tokenizer would split otherwise', async () => {
    const own = sentences(9).map((example) => ({ ...example, text: example.text?.toUpperCase() ?? '' }));
    const odd = { text: "Don't!", tokens: ['Do', "n't", '!'], labels: ['other', 'other', 'third'] };
    const pipeline = tagger();
    await pipeline.fit([...own, odd], quick);
    expect((await pipeline.predict(odd)).tokens).toEqual(odd.tokens);
    expect((await pipeline.predict("Don't!")).tokens).toEqual(["don't"]);
    // Tokens of capitals are known as the examples wrote them: small.
    expect((await pipeline.evaluate(own)).steps).toBe(own.flatMap((example) => example.labels).length);
  });

  it('are cut to the maximum length together, and so are predictions', async () => {
    const short = data.map(({ tokens, labels }) => ({ tokens: tokens.slice(0, 2), labels: labels.slice(0, 2) }));
    const [cut, whole] = [tagger(), tagger()];
    await cut.fit(data, { ...quick, maximumLength: 2 });
    await whole.fit(short, quick);
    const weights = async (pipeline: typeof cut) => (await pipeline.toFiles()).get('weights.safetensors');
    expect(await weights(cut)).toEqual(await weights(whole));
    expect(await cut.evaluate(data)).toEqual(await whole.evaluate(short));
    expect(await cut.predict(data)).toEqual(await whole.predict(short));
    const limited = registry.pipeline({
      ...parts,
      input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 3, maximumLength: 2 } } },
    });
    await limited.fit(data, quick);
    expect((await limited.predict(data)).map((prediction) => prediction.labels.length)).toEqual(
      short.map(({ tokens }) => tokens.length),
    );
    expect((await limited.evaluate(data)).steps).toBe(short.flatMap(({ labels }) => labels).length);
  });

  it.each<[string, object, string]>([
    ['LABELS_MISMATCH', { text: 'the cat', labels: ['other'] }, 'Example 3 has 2 steps, but 1 label.'],
    ['LABELS_MISMATCH', { tokens: ['the'], labels: ['other', 'other'] }, 'Example 3 has 1 step, but 2 labels.'],
    ['LABEL_MISSING', { text: 'the cat' }, 'Example 3 has no labels of its steps'],
    ['LABEL_MISSING', { text: 'the cat', label: 'other' }, 'Example 3 has no labels of its steps'],
    ['EXAMPLE_INVALID', { text: 'the cat', labels: ['other', 7] }, 'Example 3: label 2 is 7.'],
    ['EXAMPLE_INVALID', { text: 'the cat', labels: ['', 'other'] }, 'Example 3: label 1 is ""'],
    ['EXAMPLE_INVALID', { tokens: ['the', 7], labels: ['other', 'other'] }, 'Example 3 has tokens that are no texts'],
    ['EXAMPLE_INVALID', { tokens: 'the', labels: ['other'] }, 'Example 3 has tokens that are no texts'],
    ['EXAMPLE_EMPTY', { tokens: [], labels: [] }, 'Example 3 has no steps.'],
    ['EXAMPLE_EMPTY', { text: ' ', labels: [] }, 'Example 3 has an empty or all-whitespace text.'],
  ])('are refused with %s: %j', async (code, example, message) => {
    const bad = [...sentences(2), example as Example];
    const refusal = { code, message: expect.stringContaining(message) };
    await expect(tagger().fit(bad)).rejects.toMatchObject(refusal);
    const pipeline = tagger();
    await pipeline.fit(data, quick);
    await expect(pipeline.evaluate(bad)).rejects.toMatchObject(refusal);
  });

  it('are left out where the text is empty and that is asked for', async () => {
    const examples = [...data, { tokens: [], labels: [] }, { text: ' ', labels: [] }];
    const pipeline = tagger();
    const { report } = await pipeline.fit(examples, { ...quick, emptyText: 'skip' });
    expect(report).toMatchObject({ skipped: 2, training: { examples: 24 } });
    expect(await pipeline.evaluate(examples, { emptyText: 'skip' })).toMatchObject({ examples: 24, skipped: 2 });
  });

  it('may be declared though no step has them; one label for all is nothing to learn', async () => {
    const declared = [...labels, 'never'];
    const pipeline = registry.pipeline({ ...parts, target: { labels: declared } });
    await pipeline.fit(data, quick);
    expect(pipeline.info().labels).toEqual(declared);
    expect(pipeline.info().labelCounts.never).toBe(0);
    expect((await pipeline.evaluate(data)).labels.never).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
    const same = [{ text: 'the cat', labels: ['other', 'other'] }];
    await expect(tagger().fit(same)).rejects.toMatchObject({ code: 'DATA_ONE_CLASS' });
    const unknown = registry.pipeline({ ...parts, target: { labels: ['after', 'other'] } });
    await expect(unknown.fit(data)).rejects.toMatchObject({ code: 'LABEL_UNKNOWN' });
    const one = registry.pipeline({ ...parts, task: { use: 'many-to-one' }, target: { labels: ['a', 'b', 'c'] } });
    const examples = [
      { text: 'the cat', label: 'a' },
      { text: 'a dog', label: 'b' },
    ];
    await expect(one.fit(examples)).rejects.toMatchObject({ code: 'LABEL_UNSEEN' });
  });
});

describe('training', () => {
  it('reports the loss and accuracy that evaluation finds before the first update', async () => {
    const frozen = { optimizer: { use: 'sgd', with: { learningRate: 0 } } } as const;
    const pipeline = registry.pipeline({ ...parts, ...frozen });
    const { epochs, report } = await pipeline.fit(data, { epochs: 1, batchSize: 5, validation: data });
    const { loss, accuracy } = await pipeline.evaluate(data);
    const [epoch] = epochs;
    expect(epoch?.accuracy).toBeCloseTo(accuracy, 12);
    expect(epoch?.loss).toBeCloseTo(loss, 12);
    expect(epoch?.validation?.loss).toBeCloseTo(loss, 12);
    expect(epoch?.validation?.accuracy).toBeCloseTo(accuracy, 12);
    const steps = data.flatMap((example) => example.labels);
    expect(report.labels).toEqual(
      Object.fromEntries(labels.map((label) => [label, steps.filter((each) => each === label).length])),
    );
  });

  it('weighs the loss of each step by its label', async () => {
    const frozen = { optimizer: { use: 'sgd', with: { learningRate: 0 } } } as const;
    const lossOf = async (classWeights?: FitSettings['classWeights']) => {
      const pipeline = registry.pipeline({ ...parts, ...frozen });
      const { epochs } = await pipeline.fit(data, { epochs: 1, batchSize: 24, ...(classWeights && { classWeights }) });
      return epochs[0]?.loss as number;
    };
    const counts = labels.map(
      (label) => data.flatMap((example) => example.labels).filter((each) => each === label).length,
    );
    // The mean loss of one label alone, from the losses under weights that single it out.
    const alone = await Promise.all(
      labels.map((label) => lossOf(Object.fromEntries(labels.map((each) => [each, each === label ? 1 : 1e-12])))),
    );
    const mean = (weights: readonly number[]) => {
      const total = counts.reduce((sum, count, index) => sum + count * (weights[index] as number), 0);
      return counts.reduce((sum, count, i) => sum + count * (weights[i] as number) * (alone[i] as number), 0) / total;
    };
    expect(await lossOf()).toBeCloseTo(mean([1, 1, 1]), 8);
    expect(await lossOf({ after: 2, third: 0.5 })).toBeCloseTo(mean([2, 1, 0.5]), 8);
    expect(await lossOf('balanced')).toBeCloseTo(mean(counts.map((count) => 1 / count)), 8);
  });

  it('takes the mean gradient over all true steps: padding and neighbours add nothing', async () => {
    // One step of gradient descent on all sequences at once is the mean, by steps, of a step on each alone.
    const descent = (rate: number) =>
      registry.pipeline({
        ...parts,
        input: { vectorizer: { use: 'numeric', with: { scale: 'none' } } },
        target: { labels: ['low', 'high'] },
        optimizer: { use: 'sgd', with: { learningRate: rate } },
      });
    const rows = [4, 2, 7, 3].map((length, row) =>
      Array.from({ length }, (_, step) => [((row * 7 + step * 3) % 5) - 2, ((step * 4 + row) % 3) - 1]),
    );
    const examples = rows.map((values) => ({
      values,
      labels: values.map(([x = 0], at) => (at === 0 || x > 0 ? 'high' : 'low')),
    }));
    const weightsOf = async (data: readonly Example[], rate: number) => {
      const pipeline = descent(rate);
      await pipeline.fit(data, { epochs: 1, batchSize: 4 });
      return (await pipeline.anatomy()).parameters;
    };
    const start = await weightsOf(examples, 0);
    const together = await weightsOf(examples, 1);
    const alone = await Promise.all(examples.map((example) => weightsOf([example], 1)));
    const steps = rows.flat().length;
    for (const [name, { data: first }] of Object.entries(start)) {
      const moved = together[name]?.data as Float64Array;
      expect(moved.some((value, at) => Math.abs(value - (first[at] as number)) > 1e-3)).toBe(true);
      for (const [at, value] of moved.entries()) {
        const shares = alone.map(
          (weights, row) => ((rows[row]?.length ?? 0) / steps) * (weights[name]?.data[at] as number),
        );
        expect(value).toBeCloseTo(
          shares.reduce((sum, share) => sum + share, 0),
          12,
        );
      }
    }
  });

  it('tells two labels apart by one logit, with the loss of yes and no', async () => {
    const two = data.map((example) => ({
      ...example,
      labels: example.labels.map((label) => (label === 'after' ? 'yes' : 'no')),
    }));
    const pipeline = registry.pipeline({ ...parts, loss: { use: 'binary-cross-entropy' } });
    await pipeline.fit(two, { epochs: 20, batchSize: 4 });
    const predictions = await pipeline.predict(two);
    const steps = two.flatMap((example) => example.labels);
    const answers = predictions.flatMap((prediction) => prediction.labels);
    const { accuracy, loss } = await pipeline.evaluate(two);
    expect(accuracy).toBeCloseTo(steps.filter((label, at) => label === answers[at]).length / steps.length, 12);
    expect(accuracy).toBeGreaterThan(0.9);
    const sum = predictions
      .flatMap((prediction, row) =>
        prediction.probabilities.map((chosen, step) =>
          Math.log(prediction.labels[step] === two[row]?.labels[step] ? chosen : 1 - chosen),
        ),
      )
      .reduce((all, each) => all - each, 0);
    expect(loss).toBeCloseTo(sum / steps.length, 10);
  });

  it('refuses settings for one label of an example, or for tokens', async () => {
    const fit = (settings: FitSettings) => tagger().fit(data, { ...quick, validation: 0.25, ...settings });
    for (const settings of [
      { threshold: 0.5 },
      { threshold: { tune: 'f1' } },
      { calibrate: true },
      { stream: true },
    ] as const)
      await expect(fit(settings)).rejects.toMatchObject({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(`"${Object.keys(settings)[0]}"`),
      });
    await expect(fit({ classWeights: { befor: 2 } })).rejects.toMatchObject({ code: 'LABEL_UNKNOWN' });
  });

  it('records its data: another label of one step is another hash', async () => {
    const hashOf = async (examples: readonly Example[]) => {
      const pipeline = tagger();
      await pipeline.fit(examples, { epochs: 1, batchSize: 24 });
      return pipeline.info().dataHash;
    };
    const first = data[0] as (typeof data)[number];
    const hashes = await Promise.all(
      [
        data,
        [{ ...first, labels: ['third'] }, ...data.slice(1)],
        [{ ...first, tokens: ['cat'] }, ...data.slice(1)],
      ].map(hashOf),
    );
    expect(new Set(hashes).size).toBe(3);
    expect(await hashOf(sentences(24))).toBe(hashes[0]);
  });
});
