// Predictions and measures of a trained pipeline: order, streams, concurrency, and agreement with one another.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Prediction } from '../src/index.ts';
import { pipeline, reviews } from './support.ts';

const small = pipeline({ layers: [{ use: 'lstm', with: { units: 4 }, direction: 'both' }] });
const texts = reviews(70).map(({ text }) => text as string);
let expected: readonly Prediction[];

beforeAll(async () => {
  await small.fit(reviews(60), { epochs: 3, batchSize: 8, validation: 0.2, calibrate: true });
  expected = await Promise.all(texts.map((text) => small.predict(text)));
});

describe('predict', () => {
  it('gives a label, its probability, and those of all', () => {
    for (const { label, probability, probabilities } of expected) {
      expect(probabilities[label]).toBe(probability);
      expect(probability).toBe(Math.max(...Object.values(probabilities)));
      expect(Object.values(probabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });

  it('gives an array the same bits in the same order, whatever the batch', async () => {
    expect(await small.predict(texts)).toEqual(expected);
    expect(await small.predict(texts, { batchSize: 3 })).toEqual(expected);
    expect(await small.predict(texts.map((text) => ({ text })))).toEqual(expected);
    expect(await small.predict([])).toEqual([]);
  });

  it('gives a stream the same in order', async () => {
    async function* source() {
      for (const text of texts) yield text;
    }
    for (const stream of [source(), new Set(texts.map((text) => ({ text }))).values()]) {
      const seen: Prediction[] = [];
      for await (const prediction of small.predict(stream, { batchSize: 4 })) seen.push(prediction);
      expect(seen).toEqual(expected);
    }
  });

  it('answers what came before a bad input, then says which one it is', async () => {
    const seen: Prediction[] = [];
    const read = async () => {
      for await (const prediction of small.predict(['good', 'bad', ' '].values())) seen.push(prediction);
    };
    await expect(read()).rejects.toMatchObject({
      code: 'EXAMPLE_EMPTY',
      message: expect.stringContaining('Example 3 has an empty or all-whitespace text.'),
    });
    expect(seen).toHaveLength(2);
    await expect(small.predict(['good', '\t\u00a0'])).rejects.toThrow('Example 2 has an empty');
    await expect(small.predict({ text: '', origin: 'reviews.csv line 9' })).rejects.toThrow('reviews.csv line 9 has');
  });

  it('takes a text of which no token is left for an empty sequence, not for an error', async () => {
    expect((await small.predict('!!!')).probability).toBeGreaterThan(0.5);
  });

  it('refuses what is neither text nor example', async () => {
    for (const input of [3, undefined, null, {}, { values: [[1]] }])
      await expect(small.predict(input as never)).rejects.toMatchObject({ code: 'EXAMPLE_INVALID' });
    expect(() => small.predict(texts, { batchSize: 0 })).toThrow('"batchSize" must be a whole number of at least 1');
  });
});

describe('evaluate', () => {
  it('counts what predict answers', async () => {
    const data = reviews(70);
    const result = await small.evaluate(data);
    const right = data.filter(({ label }, index) => label === expected[index]?.label).length;
    expect(result.examples).toBe(70);
    expect(result.accuracy).toBeCloseTo(right / 70, 12);
    expect(result.majority).toBeCloseTo(data.filter(({ label }) => label === 'positive').length / 70, 12);
    const nll = data.map(({ label }, index) => -Math.log(expected[index]?.probabilities[label as string] as number));
    expect(result.calibration.negativeLogLikelihood).toBeCloseTo(nll.reduce((sum, value) => sum + value, 0) / 70, 9);
    expect(result.confusion.flat().reduce((sum, value) => sum + value, 0)).toBe(70);
    expect(Object.keys(result.labels)).toEqual(['negative', 'positive']);
  });

  it('measures a stream alike, in any batches', async () => {
    const whole = await small.evaluate(reviews(70));
    async function* source() {
      yield* reviews(70);
    }
    const { loss, ...others } = await small.evaluate(source(), { batchSize: 1 });
    expect(loss).toBeCloseTo(whole.loss, 6); // float32: a batch's loss is summed before the stream's
    expect({ ...others, loss: whole.loss }).toEqual(whole);
  });

  it('leaves empty texts out where it is told to', async () => {
    const data = [...reviews(10), { text: ' ', label: 'positive' }];
    await expect(small.evaluate(data)).rejects.toMatchObject({ code: 'EXAMPLE_EMPTY' });
    expect(await small.evaluate(data, { emptyText: 'skip' })).toMatchObject({ examples: 10, skipped: 1 });
  });

  it('refuses a label that it has never seen, and examples without one', async () => {
    await expect(small.evaluate([{ text: 'good', label: 'postive' }])).rejects.toThrow(
      'Example 1 has the label "postive", which is not known. Did you mean "positive"?',
    );
    await expect(small.evaluate([{ text: 'good' }])).rejects.toMatchObject({ code: 'LABEL_MISSING' });
    await expect(small.evaluate([])).rejects.toMatchObject({ code: 'DATA_EMPTY' });
  });
});

describe('anatomy', () => {
  it('has as many steps of an input as the model looks at', async () => {
    const short = pipeline();
    await short.fit(reviews(20), { epochs: 1, maximumLength: 3 });
    const { batch } = await short.anatomy();
    const [long, kept] = [await batch('the film is a good one', 'positive'), await batch('the film is', 'positive')];
    expect(long).toEqual(kept);
    expect([long.time, [...long.lengths]]).toEqual([3, [3]]);
    await expect(batch('the film', 'positve')).rejects.toMatchObject({
      code: 'LABEL_UNKNOWN',
      mend: 'Did you mean "positive"?',
    });
    await expect(batch('the film', 'x')).rejects.toMatchObject({ mend: 'Its labels are negative, positive.' });
    short.dispose();
  });
});
