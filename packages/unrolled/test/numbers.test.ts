// A number for each example: what is read, learned, predicted and measured, against sums made by hand in float64.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Example,
  type FitSettings,
  fromFiles,
  memoryCheckpoints,
  type NumberEvaluation,
  type Progress,
  referenceBackend,
  registry,
} from '../src/index.ts';

const parts = {
  input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
  layers: [{ use: 'vanilla', with: { units: 4 } }],
  task: { use: 'regression' },
  optimizer: { use: 'adam', with: { learningRate: 0.05 } },
  trainer: { use: 'bptt' },
  backend: { use: 'reference' },
} as const;

const rater = () => registry.pipeline(parts);
const quick: FitSettings = { epochs: 2, batchSize: 4 };

const worth: Readonly<Record<string, number>> = { dull: -300, fine: 0, grand: 300, the: 0, a: 0 };

/** Texts whose number is what their words are worth, far from 0 and in large units. */
function texts(count: number): (Example & { text: string; number: number })[] {
  const words = Object.keys(worth);
  return Array.from({ length: count }, (_, index) => {
    const own = Array.from({ length: 1 + (index % 4) }, (_, at) => words[(index * 3 + at * 2) % 5] as string);
    return { text: own.join(' '), number: 5000 + own.reduce((sum, word) => sum + (worth[word] as number), 0) };
  });
}

const data = texts(30);
const numbers = data.map(({ number }) => number);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a trained model of numbers', () => {
  const trained = rater();
  let measured: NumberEvaluation;
  beforeAll(async () => {
    await trained.fit(data, { ...quick, epochs: 25 });
    measured = await trained.evaluate(data);
  });

  it('measures what a hand finds of its predictions, beside the mean of what it learned from', async () => {
    const answers = (await trained.predict(data)).map(({ value }) => value);
    const errors = (given: readonly number[]) => {
      const squared = mean(numbers.map((number, index) => (number - (given[index] as number)) ** 2));
      const variance = mean(numbers.map((number) => (number - mean(numbers)) ** 2));
      return {
        meanSquaredError: expect.closeTo(squared, 6),
        meanAbsoluteError: expect.closeTo(mean(numbers.map((number, i) => Math.abs(number - (given[i] as number)))), 8),
        r2: expect.closeTo(1 - squared / variance, 10),
      };
    };
    expect(measured).toEqual({
      examples: 30,
      skipped: 0,
      loss: expect.closeTo(1 - measured.r2, 10),
      ...errors(answers),
      baseline: errors(numbers.map(() => mean(numbers))),
    });
    expect(measured.baseline.r2).toBeCloseTo(0, 10);
    expect(measured.r2).toBeGreaterThan(0.9);
  });

  it('gives the number that its equations give by hand', async () => {
    const { parameters, batch } = await trained.anatomy();
    const at = (name: string, row: number, column: number) => {
      const { shape, data: values } = parameters[name] as (typeof parameters)[string];
      return values[row * (shape[1] ?? 1) + column] as number;
    };
    const sum = (count: number, term: (index: number) => number) =>
      Array.from({ length: count }, (_, index) => term(index)).reduce((all, each) => all + each, 0);
    const deviation = Math.sqrt(mean(numbers.map((number) => (number - mean(numbers)) ** 2)));
    expect(trained.info().numbers?.mean).toBeCloseTo(mean(numbers), 8);
    expect(trained.info().numbers?.deviation).toBeCloseTo(deviation, 8);
    for (const example of data.slice(0, 6)) {
      let h = [0, 0, 0, 0];
      for (const id of (await batch(example)).inputs.x as Int32Array) {
        const before = h;
        h = before.map((_, unit) =>
          Math.tanh(
            sum(3, (k) => at('layers.0.Wxh', unit, k) * at('input.E', id, k)) +
              sum(4, (k) => at('layers.0.Whh', unit, k) * (before[k] as number)) +
              at('layers.0.bh', unit, 0),
          ),
        );
      }
      const y = sum(4, (k) => at('output.Why', 0, k) * (h[k] as number)) + at('output.by', 0, 0);
      expect((await trained.predict(example)).value).toBeCloseTo(mean(numbers) + deviation * y, 8);
    }
  });

  it('can be laid open with the number that an input is to have', async () => {
    const { network, parameters, batch } = await trained.anatomy();
    const example = data[9] as (typeof data)[number];
    const whole = await batch(example, example.number);
    const deviation = trained.info().numbers?.deviation as number;
    expect(whole.targets?.[0]).toBeCloseTo((example.number - mean(numbers)) / deviation, 10);
    const executable = await referenceBackend()(network, {});
    await executable.write({ parameters });
    const { loss } = await executable.forward(whole, executable.initialState(1), { mode: 'infer' });
    executable.dispose();
    const off = ((await trained.predict(example)).value - example.number) / deviation;
    expect(loss).toBeCloseTo(off * off, 8);
    await expect(batch(example, Number.NaN)).rejects.toMatchObject({ code: 'EXAMPLE_INVALID' });
  });

  it('answers the same alone, together, as a stream and piece by piece', async () => {
    const together = await trained.predict(data);
    const seen = [];
    for await (const prediction of trained.predict(data.values(), { batchSize: 7 })) seen.push(prediction.value);
    for (const [index, example] of data.entries()) {
      const { value } = together[index] as (typeof together)[number];
      expect((await trained.predict(example)).value).toBeCloseTo(value, 9);
      expect(seen[index]).toBeCloseTo(value, 9);
    }
    const { text } = data[7] as (typeof data)[number];
    const [first = '', ...rest] = text.split(' ');
    let step = await trained.step(first);
    for (const word of rest) step = await trained.step(` ${word}`, step.stream);
    expect(step.value).toBeCloseTo((await trained.predict(text)).value, 9);
  });

  it('is the same after it was saved and loaded', async () => {
    const files = await trained.toFiles();
    const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json')));
    expect(manifest).toMatchObject({ learns: 'number', link: 'identity', labels: [], scale: trained.info().numbers });
    const loaded = await fromFiles<string, 'number'>(files, registry);
    expect(await loaded.predict(data)).toEqual(await trained.predict(data));
    expect(await loaded.evaluate(data)).toEqual(measured);
    expect(loaded.info()).toEqual(trained.info());
  });

  it('is measured with its steps in another order', async () => {
    const alone = data.filter(({ text }) => !text.includes(' '));
    expect(await trained.evaluate(alone, { shuffleSteps: 3 })).toEqual(await trained.evaluate(alone));
    expect((await trained.evaluate(data, { shuffleSteps: 3 })).loss).not.toBe(measured.loss);
  });

  it('measures answers to numbers that are all the same, and to one, as scikit-learn does', async () => {
    const same = data.slice(0, 3).map((example) => ({ ...example, number: 0.1 }));
    expect(await trained.evaluate(same)).toMatchObject({ r2: 0, baseline: { r2: 0 } });
    const one = await trained.evaluate(data.slice(0, 1));
    expect(one.r2).toBeNaN();
    expect(one.meanAbsoluteError).toBeCloseTo(
      Math.abs((numbers[0] as number) - (await trained.predict(data[0] as Example)).value),
      8,
    );
  });
});

it('learns the same numbers in any unit', async () => {
  const [plain, scaled] = [rater(), rater()];
  await plain.fit(data, quick);
  await scaled.fit(
    data.map((example) => ({ ...example, number: example.number * 2 ** 40 })),
    quick,
  );
  const { value } = await plain.predict('a grand');
  expect((await scaled.predict('a grand')).value).toBe(value * 2 ** 40);
});

it('ends on wasm in the same bits with any number of threads, near those of the reference', async () => {
  const plain = rater();
  await plain.fit(data, quick);
  const trained = [];
  for (const threads of [1, 2]) {
    const pipeline = registry.pipeline({ ...parts, backend: { use: 'wasm', threads } });
    const { epochs } = await pipeline.fit(data, quick);
    const values = (await pipeline.predict(data)).map(({ value }) => value);
    trained.push({ losses: epochs.map(({ loss }) => loss), values, measured: await pipeline.evaluate(data) });
    pipeline.dispose();
  }
  expect(trained[1]).toEqual(trained[0]);
  const expected = (await plain.predict(data)).map(({ value }) => value);
  trained[0]?.values.forEach((value, index) => {
    expect(Math.abs(value - (expected[index] as number))).toBeLessThan(0.05); // of numbers around 5000
  });
});

it('reports losses and no accuracy, and stops where the loss gets no better', async () => {
  const pipeline = rater();
  const run = pipeline.fit(data, {
    ...quick,
    epochs: 60,
    validation: data.slice(0, 8).map((example) => ({ ...example, number: 5000 })),
    earlyStopping: { patience: 1 },
  });
  const seen: Progress<undefined>[] = [];
  for await (const progress of run) seen.push(progress);
  const { epochs, stopped, report, restoredEpoch } = await run;
  expect(stopped).toBe('early');
  expect(epochs.length).toBeLessThan(60);
  const losses = epochs.map(({ validation }) => validation?.loss as number);
  expect(restoredEpoch).toBe(1 + losses.indexOf(Math.min(...losses)));
  expect(epochs.map((epoch) => [epoch.accuracy, epoch.validation?.accuracy])).toEqual(
    epochs.map(() => [undefined, undefined]),
  );
  expect(seen.every(({ accuracy }) => accuracy === undefined)).toBe(true);
  expect(report).toMatchObject({ labels: {}, numbers: pipeline.info().numbers });
  expect(pipeline.info().metrics).toMatchObject({ examples: 8, r2: 0, loss: Math.min(...losses) });
});

it('begins near the loss of always answering the mean, which is 1', async () => {
  const { epochs } = await rater().fit(data, { ...quick, epochs: 1 });
  expect(epochs[0]?.loss).toBeGreaterThan(0.3);
  expect(epochs[0]?.loss).toBeLessThan(2.5);
});

it('ends in the same bits where it was stopped and resumed', async () => {
  const settings: FitSettings = { ...quick, epochs: 4, validation: 0.2, earlyStopping: { patience: 5 } };
  const whole = rater();
  await whole.fit(data, settings);
  const to = memoryCheckpoints();
  const stopped = rater();
  const run = stopped.fit(data, { ...settings, checkpoint: { to } });
  for await (const { update } of run) if (update === 9) break;
  const resumed = rater();
  const history = await resumed.fit(data, { ...settings, checkpoint: { to }, resume: true });
  expect(history.resumedFrom).toBe(9);
  expect(await resumed.predict(data)).toEqual(await whole.predict(data));
  expect((await resumed.toFiles({ slim: true })).get('weights.safetensors')).toEqual(
    (await whole.toFiles({ slim: true })).get('weights.safetensors'),
  );
});

describe('what can not be learned is refused', () => {
  const refused = (example: object) =>
    expect(rater().fit([...data.slice(0, 3), { text: 'fine', ...example }] as Example[], quick)).rejects;

  it('of data', async () => {
    await refused({}).toMatchObject({
      code: 'NUMBER_MISSING',
      message: expect.stringMatching(/Example 4 has no number/),
    });
    await refused({ label: '3' }).toMatchObject({ code: 'NUMBER_MISSING' });
    await refused({ number: Number.NaN, origin: 'rated.tsv:9' }).toMatchObject({
      code: 'EXAMPLE_INVALID',
      message: expect.stringMatching(/^rated\.tsv:9 has the number NaN/),
    });
    await refused({ number: Number.POSITIVE_INFINITY }).toMatchObject({ code: 'EXAMPLE_INVALID' });
    await refused({ number: 1e200 }).toMatchObject({ code: 'EXAMPLE_INVALID', mend: expect.stringMatching(/1e150/) });
    await refused({ number: '3.5' }).toMatchObject({
      code: 'EXAMPLE_INVALID',
      mend: expect.stringMatching(/: 3\.5\./),
    });
    await refused({ number: 'three' }).toMatchObject({
      code: 'EXAMPLE_INVALID',
      mend: expect.stringMatching(/not a text/),
    });
    const same = data.map((example) => ({ ...example, number: 0.1 }));
    await expect(rater().fit(same, quick)).rejects.toMatchObject({
      code: 'DATA_ONE_NUMBER',
      message: expect.stringMatching(/only number in 30 examples .* 0\.1/),
    });
    const trained = rater();
    await trained.fit(data, quick);
    await expect(trained.evaluate([{ text: 'fine' }])).rejects.toMatchObject({ code: 'NUMBER_MISSING' });
    await expect((await trained.anatomy()).batch('fine', 'good')).rejects.toMatchObject({ code: 'NOT_AVAILABLE' });
    expect(() => trained.generate('a')).toThrow('next token');
  });

  it('of settings that need labels', async () => {
    const validation = data.slice(0, 4);
    for (const [setting, given] of [
      ['classWeights', 'balanced'],
      ['threshold', 0.5],
      ['calibrate', true],
      ['earlyStopping.monitor', undefined],
    ] as const) {
      const settings = given === undefined ? { earlyStopping: { monitor: 'accuracy' } } : { [setting]: given };
      await expect(rater().fit(data, { validation, ...settings } as FitSettings)).rejects.toMatchObject({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(`"${setting}"`),
      });
    }
  });

  it('of pieces that are for labels', () => {
    // @ts-expect-error ✗ loss "categorical-cross-entropy" compares with labels, but task "regression" learns a number
    expect(() => registry.pipeline({ ...parts, loss: { use: 'categorical-cross-entropy' } })).toThrow(
      '✗ loss "categorical-cross-entropy" compares with labels, but task "regression" learns a number',
    );
    // @ts-expect-error ✗ loss "binary-cross-entropy" compares with labels, but task "regression" learns a number
    expect(() => registry.pipeline({ ...parts, loss: { use: 'binary-cross-entropy' } })).toThrow('learns a number');
    // @ts-expect-error ✗ task "regression" learns no labels, so it has no use for target.labels
    expect(() => registry.pipeline({ ...parts, target: { labels: ['low', 'high'] } })).toThrow(
      '✗ task "regression" learns no labels, so it has no use for target.labels',
    );
    expect(registry.pipeline({ ...parts, loss: { use: 'squared-error' } }).manifest).toBeDefined();
  });

  it('of files that were mangled', async () => {
    const trained = rater();
    await trained.fit(data, quick);
    const files = await trained.toFiles({ slim: true });
    const manifest = JSON.parse(new TextDecoder().decode(files.get('manifest.json')));
    const mangled = async (change: object) => {
      const { checksum: _, ...head } = manifest;
      const text = new TextEncoder().encode(JSON.stringify({ ...head, ...change }));
      return fromFiles(new Map([...files, ['manifest.json', text]]), registry);
    };
    for (const change of [
      { scale: undefined },
      { scale: { mean: 1, deviation: 0 } },
      { link: 'softmax' },
      { labels: [], learns: undefined },
    ])
      await expect(mangled(change)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
  });
});
