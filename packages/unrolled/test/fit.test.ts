// A pipeline from raw text to answers, on the default backend: learning, reporting, stopping, and what each setting does.
import { describe, expect, it } from 'vitest';
import type { Example, Progress } from '../src/index.ts';
import { bytesOf, pipeline, reviews } from './support.ts';

describe('fit', () => {
  it('learns, reports every step, and gives a history', async () => {
    const small = pipeline();
    const run = small.fit(reviews(120), { epochs: 4, batchSize: 16, seed: 3, validation: 0.2 });
    const seen: Progress[] = [];
    for await (const progress of run) seen.push(progress);
    const history = await run;
    expect(seen).toHaveLength(4 * 6);
    expect(seen[0]).toMatchObject({ epoch: 1, epochs: 4, batch: 1, batches: 6, update: 1, learningRate: 0.02 });
    expect(seen.map(({ update }) => update)).toEqual(seen.map((_, index) => index + 1));
    expect(seen.filter(({ ended }) => ended).map(({ ended }) => ended)).toEqual(history.epochs);
    expect(history).toMatchObject({ updates: 24, stopped: 'finished', temperature: 1 });
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    const [first, , , last] = history.epochs;
    expect(last?.loss).toBeLessThan((first?.loss as number) / 1.5);
    expect(last?.validation?.accuracy).toBeGreaterThan(0.85);
    expect(history.report).toMatchObject({
      skipped: 0,
      labels: { negative: 32, positive: 64 },
      training: { examples: 96, truncated: 0, empty: 0, unknown: 0 },
      validation: { examples: 24 },
    });
    expect(await small.predict('a superb film')).toMatchObject({ label: 'positive' });
    expect(await small.predict('an awful story')).toMatchObject({ label: 'negative' });
  });

  it('refuses too little memory before the first update, and counts the steps that a batch has', async () => {
    const long = { text: Array.from({ length: 600 }, (_, word) => `word${word % 7}`).join(' '), label: 'positive' };
    const examples = [...reviews(64), long];
    const layers = [{ use: 'lstm', with: { units: 6 }, direction: 'both' }];
    const within = (memory: string) => pipeline({ layers, backend: { use: 'wasm', memory } });
    const settings = { epochs: 1, batchSize: 8 };
    const small = within('100KB');
    const seen: Progress[] = [];
    const learn = async () => {
      for await (const progress of small.fit(examples, settings)) seen.push(progress);
    };
    const refused = await learn().catch((error) => error);
    expect(refused).toMatchObject({ code: 'MEMORY_BUDGET', message: expect.stringContaining('up to 600 steps') });
    expect(seen).toEqual([]);
    expect(() => small.info()).toThrow(expect.objectContaining({ code: 'NOT_FITTED' }));
    expect(() => small.dispose()).not.toThrow();
    // Just what the batch with the long text takes, which has the longest of the others in it.
    expect((await within(`${refused.data.bytes}B`).fit(examples, settings)).updates).toBe(9);
    const all = [...Array.from({ length: 63 }, () => ({ ...long, label: 'negative' })), long];
    await expect(within(`${refused.data.bytes}B`).fit(all, settings)).rejects.toMatchObject({ code: 'MEMORY_BUDGET' });
  });

  it('gives the same bits for the same seed, and others for another', async () => {
    const train = async (seed: number) => {
      const small = pipeline();
      await small.fit(reviews(40), { epochs: 2, batchSize: 8, seed });
      return bytesOf(small);
    };
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect((await train(2))['weights.safetensors']).not.toEqual(first['weights.safetensors']);
  });

  it('keeps the weights of the step at which its loop is left, and the pipeline goes on working', async () => {
    const left = pipeline();
    const run = left.fit(reviews(40), { epochs: 3, batchSize: 8 });
    const answers: string[] = [];
    for await (const { update } of run) {
      answers.push((await left.predict('good')).label); // the weights of the moment
      if (update === 7) break;
    }
    expect(await run).toMatchObject({ updates: 7, stopped: 'left' });
    expect(answers).toHaveLength(7);
    const seven = await bytesOf(left);
    const aborted = pipeline();
    const controller = new AbortController();
    const other = aborted.fit(reviews(40), { epochs: 3, batchSize: 8, signal: controller.signal });
    for await (const { update } of other) if (update === 7) controller.abort();
    expect((await other).stopped).toBe('aborted');
    expect(await bytesOf(aborted)).toEqual(seven);
    await left.fit(reviews(20), { epochs: 1 });
    expect((await left.info()).settings.epochs).toBe(1);
  });

  it('stops reading a source that has no end', async () => {
    const controller = new AbortController();
    let read = 0;
    async function* endless() {
      for (;;) {
        yield { text: 'good', label: `label ${read % 2}` };
        read += 1;
        if (read === 50) controller.abort();
      }
    }
    const run = pipeline().fit(endless(), { signal: controller.signal });
    await expect(run).rejects.toMatchObject({ code: 'RUN_STOPPED' });
    expect(read).toBe(50);
  });

  it('refuses a second run meanwhile, and predictions before the first', async () => {
    const small = pipeline();
    expect(() => small.info()).toThrow(expect.objectContaining({ code: 'NOT_FITTED' }) as Error);
    await expect(small.predict('good')).rejects.toMatchObject({ code: 'NOT_FITTED' });
    await expect(small.toFiles()).rejects.toMatchObject({ code: 'NOT_FITTED' });
    const run = small.fit(reviews(20), { epochs: 1 });
    expect(() => small.fit(reviews(20))).toThrow(expect.objectContaining({ code: 'RUN_IN_PROGRESS' }) as Error);
    await run;
    await small.fit(reviews(20), { epochs: 1 });
  });

  it('reads an iterable once, whether async or not, and an array alike', async () => {
    const data = reviews(30);
    const train = async (examples: Iterable<Example> | AsyncIterable<Example>) => {
      const small = pipeline();
      await small.fit(examples, { epochs: 1, batchSize: 8, validation: 0.2 });
      return bytesOf(small);
    };
    const expected = await train(data);
    expect(await train(data.values())).toEqual(expected);
    async function* source() {
      yield* data;
    }
    expect(await train(source())).toEqual(expected);
  });

  it('fits the vocabulary on the training part alone', async () => {
    const small = pipeline();
    const validation = [
      { text: 'unheardof splendour', label: 'positive' },
      { text: 'bad', label: 'negative' },
    ];
    const { report } = await small.fit(reviews(30), { epochs: 1, validation });
    expect(report.validation).toMatchObject({ examples: 2, tokens: 3, unknown: 2, unknownRate: 2 / 3 });
    expect(new TextDecoder().decode((await small.toFiles()).get('vocabulary.json'))).not.toContain('splendour');
  });

  it('stops early and brings the best weights back', async () => {
    const small = pipeline({ optimizer: { use: 'adam', with: { learningRate: 0.3 } } });
    const settings = { epochs: 30, batchSize: 8, validation: 0.3, earlyStopping: { patience: 2 } } as const;
    const history = await small.fit(reviews(60), settings);
    expect(history.stopped).toBe('early');
    const losses = history.epochs.map(({ validation }) => validation?.loss as number);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(history.epochs).toHaveLength(best + 2);
    expect(history.restoredEpoch).toBe(best);
    const again = pipeline({ optimizer: { use: 'adam', with: { learningRate: 0.3 } } });
    const { earlyStopping: _, ...plain } = settings;
    await again.fit(reviews(60), { ...plain, epochs: best });
    expect((await bytesOf(again))['weights.safetensors']).toEqual((await bytesOf(small))['weights.safetensors']);
  });

  it('weighs classes: a batch loss is the weighted mean over its examples', async () => {
    const data = reviews(30);
    const first = async (classWeights: 'balanced' | Record<string, number>) => {
      const layers = [{ use: 'vanilla', with: { units: 6 } }];
      const small = pipeline({ layers, backend: { use: 'reference' } }); // float64, for nine digits
      const run = small.fit(data, { epochs: 1, batchSize: 30, classWeights });
      for await (const { loss } of run) return loss;
      return Number.NaN;
    };
    const [negative, positive] = [await first({ positive: 1e-12 }), await first({ negative: 1e-12 })];
    expect(await first({})).toBeCloseTo((10 * negative + 20 * positive) / 30, 9);
    expect(await first('balanced')).toBeCloseTo((negative + positive) / 2, 9);
  });

  it('cuts examples to a maximum length, also when it predicts', async () => {
    const small = pipeline();
    const { report } = await small.fit(reviews(40), { epochs: 1, maximumLength: 3 });
    expect(report.training.truncated).toBeGreaterThan(0);
    const short = await small.predict('the film is');
    expect(await small.predict('the film is superb and great')).toEqual(short);
  });

  it('trains with truncated backpropagation, one report for each window', async () => {
    const small = pipeline({ trainer: { use: 'truncated-bptt', with: { every: 4, window: 6 } } });
    const run = small.fit(reviews(40), { epochs: 2, batchSize: 8 });
    let reports = 0;
    for await (const _ of run) reports += 1;
    const history = await run;
    expect(reports).toBeGreaterThan(2 * 5);
    expect(history.updates).toBeLessThanOrEqual(reports);
    expect(history.epochs[0]?.accuracy).toBeGreaterThan(0);
  });

  it('learns with one sigmoid output, with any number of labels, and with renamed ones', async () => {
    const binary = pipeline({ loss: { use: 'binary-cross-entropy' }, target: { labels: ['negative', 'positive'] } });
    await binary.fit(reviews(80), { epochs: 6, batchSize: 8 });
    const prediction = await binary.predict('a lovely plot');
    expect(prediction.label).toBe('positive');
    const { negative = 0, positive = 0 } = prediction.probabilities;
    expect(negative + positive).toBeCloseTo(1, 12);
    const three = pipeline();
    const data = reviews(60).map((example, index) => (index % 5 === 0 ? { text: 'so so', label: 'mixed' } : example));
    await three.fit(data, { epochs: 1 });
    expect(three.info().labels).toEqual(['mixed', 'negative', 'positive']);
    const renamed = pipeline({ target: { labels: { '0': 'minus', '1': 'plus' } } });
    const stored = reviews(40).map(({ text, label }) => ({
      text: text as string,
      label: label === 'positive' ? '1' : '0',
    }));
    await renamed.fit(stored, { epochs: 1 });
    expect(renamed.info()).toMatchObject({ labels: ['minus', 'plus'] });
    expect((await renamed.evaluate(stored)).labels).toHaveProperty('plus');
    await expect(pipeline({ loss: { use: 'binary-cross-entropy' } }).fit(data)).rejects.toMatchObject({
      code: 'LOSS_MISFIT',
    });
  });

  it('finds temperature and threshold on the validation part, and saves them', async () => {
    const small = pipeline();
    const settings = { epochs: 6, batchSize: 8, validation: 0.4, calibrate: true, threshold: { tune: 'f1' } } as const;
    const history = await small.fit(reviews(80), settings);
    expect(history.temperature).toBe(small.info().temperature);
    expect(history.temperature).not.toBe(1);
    expect(history.threshold).toBe(small.info().threshold);
    expect(small.info().metrics).toMatchObject({ examples: 32 });
    const cold = pipeline();
    await cold.fit(reviews(80), { ...settings, calibrate: false, threshold: 0.999 });
    const { label, probability } = await cold.predict('good');
    expect(label).toBe('negative');
    expect(probability).toBeLessThan(0.5);
  });

  it('breathes: timers fire while it trains', async () => {
    const gaps: number[] = [];
    let begin = Number.POSITIVE_INFINITY;
    let last = 0;
    const mark = () => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
    };
    let timer: ReturnType<typeof setInterval> | undefined;
    for await (const { update } of pipeline().fit(reviews(400), { epochs: 1000, batchSize: 4, validation: 0.2 })) {
      if (update === 100) {
        begin = last = performance.now(); // in the second epoch: in the first it waits for modules to be compiled
        timer = setInterval(mark, 1);
      }
      if (performance.now() - begin > 1000) break;
    }
    clearInterval(timer);
    mark(); // a run that never yields is one gap
    // Promised are 50 ms; a busy machine lengthens each gap, and the run with it.
    expect(Math.max(...gaps)).toBeLessThan((last - begin) / 2);
  });
});
