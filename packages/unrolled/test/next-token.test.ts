// The next token: what a language model reads, learns, predicts and writes, against its equations computed by hand in float64.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Anatomy, type Example, type FitSettings, type NextToken, registry } from '../src/index.ts';

const parts = {
  input: { tokenizer: { use: 'characters' }, vectorizer: { use: 'embedding', with: { size: 3 } } },
  layers: [{ use: 'vanilla', with: { units: 5 } }],
  task: { use: 'language-model' },
  optimizer: { use: 'adam', with: { learningRate: 0.03 } },
  trainer: { use: 'bptt' },
  backend: { use: 'reference' },
} as const;

const writer = () => registry.pipeline(parts);
const texts = ['abc', 'cab', 'abcabc', 'b', 'bcab', 'aab', 'cc', 'abca'];
const data: Example[] = texts.map((text) => ({ text }));

/** Logits after each id, by the equations of the cell and of the output layer. */
function logitsByHand({ parameters }: Pick<Anatomy, 'parameters'>, ids: Iterable<number>): number[][] {
  const tensor = (name: string) => parameters[name] as (typeof parameters)[string];
  const row = (name: string, index: number) => {
    const { shape, data } = tensor(name);
    const width = shape[1] ?? 1;
    return Array.from(data.slice(index * width, (index + 1) * width));
  };
  const rows = (name: string) =>
    Array.from({ length: tensor(name).shape[0] as number }, (_, index) => row(name, index));
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
  const [Wxh, Whh, Why] = [rows('layers.0.Wxh'), rows('layers.0.Whh'), rows('output.Why')];
  const [bh, by] = [tensor('layers.0.bh').data, tensor('output.by').data];
  let h = Wxh.map(() => 0);
  return Array.from(ids, (id) => {
    const [x, before] = [row('input.E', id), h];
    h = Wxh.map((w, unit) => Math.tanh(dot(w, x) + dot(Whh[unit] as number[], before) + (bh[unit] as number)));
    return Why.map((w, output) => dot(w, h) + (by[output] as number));
  });
}

/** Cross-entropy of each id from those before it, in nats. */
function lossesByHand(anatomy: Pick<Anatomy, 'parameters'>, ids: readonly number[]): number[] {
  return logitsByHand(anatomy, ids.slice(0, -1)).map((logits, step) => {
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    return Math.log(total) - (logits[ids[step + 1] as number] as number);
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Numbers of a text: the boundary, then its tokens, then the boundary again. */
async function idsOf({ batch }: Anatomy, text: string): Promise<number[]> {
  const ids = Array.from((await batch(text)).inputs.x as Int32Array);
  return [...ids, ids[0] as number];
}

describe('a language model', () => {
  const trained = writer();
  let anatomy: Anatomy;
  beforeAll(async () => {
    await trained.fit(data, { epochs: 6, batchSize: 3 });
    anatomy = await trained.anatomy();
  });

  it('reads each text after a boundary, and predicts its end', async () => {
    const [boundary, ...rest] = (await anatomy.batch('abc')).inputs.x as Int32Array;
    expect(new Set([boundary, ...rest]).size).toBe(4);
    expect((await anatomy.batch('cab')).inputs.x?.[0]).toBe(boundary);
  });

  it('measures the mean cross-entropy over all tokens and ends', async () => {
    const losses = (
      await Promise.all(texts.map(async (text) => lossesByHand(anatomy, await idsOf(anatomy, text))))
    ).flat();
    const measured = await trained.evaluate(data);
    const tokens = texts.join('').length + texts.length;
    expect(losses).toHaveLength(tokens);
    expect(measured).toMatchObject({ examples: texts.length, skipped: 0, tokens });
    expect(measured.loss).toBeCloseTo(mean(losses), 12);
    expect(measured.bitsPerToken).toBeCloseTo(mean(losses) / Math.log(2), 12);
    expect(measured.perplexity).toBeCloseTo(Math.exp(mean(losses)), 10);
    const { loss, bitsPerToken, perplexity, ...rest } = await trained.evaluate(data, { batchSize: 2 });
    expect(loss).toBeCloseTo(measured.loss, 12);
    expect(measured).toMatchObject(rest);
  });

  it('predicts by the softmax over what can come: tokens and the end', async () => {
    for (const text of ['a', 'ab', 'cab']) {
      const ids = await idsOf(anatomy, text);
      const logits = logitsByHand(anatomy, ids.slice(0, -1)).at(-1) as number[];
      const possible: [string | undefined, number][] = [[undefined, ids[0] as number]];
      for (const letter of 'abc') possible.push([letter, (await idsOf(anatomy, letter))[1] as number]);
      const total = possible.reduce((sum, [, id]) => sum + Math.exp(logits[id] as number), 0);
      const expected = possible
        .map(([token, id]): NextToken => ({ token, probability: Math.exp(logits[id] as number) / total }))
        .sort((a, b) => b.probability - a.probability);
      const found = await trained.predict(text);
      expect(found.top.map(({ token }) => token)).toEqual(expected.map(({ token }) => token));
      for (const [place, { probability }] of found.top.entries())
        expect(probability).toBeCloseTo(expected[place]?.probability as number, 10);
      expect({ token: found.token, probability: found.probability }).toEqual(found.top[0]);
    }
  });

  it('says the same in any batch, letter by letter, and when it is loaded', async () => {
    const expected = await Promise.all(texts.map((text) => trained.predict(text)));
    expect(await trained.predict(texts)).toEqual(expected);
    expect(await trained.predict(texts, { batchSize: 2 })).toEqual(expected);
    for (const [index, text] of texts.entries()) {
      let last: Awaited<ReturnType<typeof trained.step>> | undefined;
      for (const letter of text) last = await trained.step({ tokens: [letter] }, last?.stream);
      expect(last).toMatchObject(expected[index] as object);
    }
    const loaded = await registry.load<string, 'next'>(await trained.toFiles());
    expect(await loaded.predict(texts)).toEqual(expected);
    expect(await loaded.evaluate(data)).toEqual(await trained.evaluate(data));
    expect(loaded.info()).toMatchObject({ learns: 'next', labels: [], labelCounts: {} });
    loaded.dispose();
  });

  it('writes, without chance, the likeliest token each time, as its predictions name it', async () => {
    const written = await trained.generate('a', { topK: 1, maximumLength: 6 });
    let text = 'a';
    let logProbability = 0;
    for (let index = 0; index < 6; index += 1) {
      const { token, probability } = await trained.predict(text);
      logProbability += Math.log(probability);
      if (token === undefined) break;
      text += token;
    }
    expect(`a${written.text}`).toBe(text);
    expect(written.tokens.join('')).toBe(written.text);
    expect(written.logProbability).toBeCloseTo(logProbability, 10);
  });

  it('draws the same for a seed, token by token as at once, and no more than it may', async () => {
    const settings = { seed: 5, maximumLength: 40, temperature: 2 };
    const whole = await trained.generate('', settings);
    const run = trained.generate(undefined, settings);
    const seen: string[] = [];
    for await (const { text } of run) seen.push(text);
    expect(seen.join('')).toBe(whole.text);
    expect(await run).toEqual(whole);
    const drawn = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => trained.generate('', { ...settings, seed })));
    expect(new Set(drawn.map(({ text }) => text)).size).toBeGreaterThan(2);
    for (const { tokens, ended } of drawn) expect(ended || tokens.length === 40).toBe(true);
    const few = await trained.generate('', { maximumLength: 2, topP: 0.9, topK: 2 });
    expect(few.tokens.length).toBeLessThanOrEqual(2);
  });

  it('draws each token as often as its probability says', async () => {
    const { top } = await trained.predict('a');
    const draws = await Promise.all(
      Array.from({ length: 600 }, (_, seed) => trained.generate('a', { seed, maximumLength: 1 })),
    );
    for (const { token, probability } of top) {
      const share = draws.filter(({ tokens }) => tokens[0] === token).length / draws.length;
      // Four standard deviations of a share.
      expect(Math.abs(share - probability)).toBeLessThan(4 * Math.sqrt((probability * (1 - probability)) / 600) + 1e-9);
    }
  });

  it.each([
    [{ temperature: 0 }, 'temperature'],
    [{ temperature: Number.NaN }, 'temperature'],
    [{ topK: 0 }, 'topK'],
    [{ topK: 1.5 }, 'topK'],
    [{ topP: 0 }, 'topP'],
    [{ topP: 1.1 }, 'topP'],
    [{ seed: -1 }, 'seed'],
    [{ maximumLength: 0 }, 'maximumLength'],
  ])('refuses to write with %j', (settings, name) => {
    expect(() => trained.generate('a', settings)).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringContaining(`"${name}"`) }) as Error,
    );
  });

  it.each([
    [{ top_k: 1 }, '"top_k" is not a setting of generate. Did you mean "topK"?'],
    [{ beam: 2 }, '"beam" is not a setting of generate. Settings are maximumLength, signal, temperature, '],
    [5, 'Settings of generate must be an object, but 5 was given.'],
    [null, 'Settings of generate must be an object, but null was given.'],
  ])('does not begin to write with %j', (settings, message) => {
    expect(() => trained.generate('a', settings as never)).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringContaining(message) }) as Error,
    );
  });

  it('stops writing at the signal, and keeps what there is', async () => {
    const controller = new AbortController();
    const run = trained.generate('', { temperature: 9, maximumLength: 100_000, signal: controller.signal, topK: 3 });
    let seen = 0;
    for await (const _ of run) {
      seen += 1;
      controller.abort();
    }
    expect((await run).tokens.length).toBeLessThanOrEqual(seen + 1);
  });
});

describe('learning', () => {
  const frozen = (trainer: { use: 'truncated-bptt'; with: { every: number; window: number } }) =>
    registry.pipeline({ ...parts, trainer, optimizer: { use: 'sgd', with: { learningRate: 0 } } });

  it('holds a share of texts without labels back, and records other data as other data', async () => {
    const pipeline = writer();
    const { report } = await pipeline.fit(data, { epochs: 1, validation: 0.25 });
    expect(report).toMatchObject({ labels: {}, training: { examples: 6 }, validation: { examples: 2 } });
    const { dataHash } = pipeline.info();
    await pipeline.fit([{ text: 'abd' }, ...data.slice(1)], { epochs: 1 });
    expect(pipeline.info().dataHash).not.toBe(dataHash);
    await pipeline.fit(data, { epochs: 1 });
    expect(pipeline.info().dataHash).toBe(dataHash);
  });

  it('reads all texts as one endless one, its end held back', async () => {
    const pipeline = frozen({ use: 'truncated-bptt', with: { every: 4, window: 6 } });
    const history = await pipeline.fit(data, { epochs: 1, batchSize: 1, stream: true, validation: 0.25 });
    const anatomy = await pipeline.anatomy();
    const boundary = (await anatomy.batch('a')).inputs.x?.[0] as number;
    const all = (await Promise.all(texts.map((text) => idsOf(anatomy, text)))).flatMap((ids) => ids.slice(0, -1));
    const whole = [...all, boundary];
    const cut = Math.round(whole.length * 0.75);
    expect(history.epochs[0]?.loss).toBeCloseTo(mean(lossesByHand(anatomy, whole.slice(0, cut))), 12);
    expect(history.epochs[0]?.validation?.loss).toBeCloseTo(mean(lossesByHand(anatomy, whole.slice(cut))), 12);
    expect(history.updates).toBe(Math.ceil((cut - 1) / 4));
  });

  it('cuts the endless text into as many contiguous streams as a batch has', async () => {
    const pipeline = frozen({ use: 'truncated-bptt', with: { every: 100, window: 100 } });
    const history = await pipeline.fit(data, { epochs: 1, batchSize: 3, stream: true });
    const anatomy = await pipeline.anatomy();
    const boundary = (await anatomy.batch('a')).inputs.x?.[0] as number;
    const all = (await Promise.all(texts.map((text) => idsOf(anatomy, text)))).flatMap((ids) => ids.slice(0, -1));
    const whole = [...all, boundary];
    const steps = whole.length - 1;
    const losses: number[] = [];
    for (let stream = 0, from = 0; stream < 3; stream += 1) {
      const length = Math.floor(steps / 3) + (stream < steps % 3 ? 1 : 0);
      losses.push(...lossesByHand(anatomy, whole.slice(from, from + length + 1)));
      from += length;
    }
    expect(losses).toHaveLength(steps);
    expect(history.epochs[0]?.loss).toBeCloseTo(mean(losses), 12);
  });

  it('trains over an endless text to fewer bits than it began with', async () => {
    const pipeline = registry.pipeline({
      ...parts,
      trainer: { use: 'truncated-bptt', with: { every: 5, window: 10 } },
    });
    const { epochs } = await pipeline.fit(data, { epochs: 20, batchSize: 2, stream: true });
    expect(epochs.at(-1)?.loss).toBeLessThan((epochs[0]?.loss as number) * 0.8);
  });

  it('refuses settings of labels, and streams without a trainer that sees windows', async () => {
    const fit = (settings: FitSettings) => writer().fit(data, { epochs: 1, validation: 0.25, ...settings });
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
    const one = registry.pipeline({ ...parts, task: { use: 'many-to-one' } });
    const labelled = [
      { text: 'a', label: 'x' },
      { text: 'b', label: 'y' },
    ];
    await expect(one.fit(labelled, { stream: true })).rejects.toMatchObject({ code: 'SETTING_INVALID' });
    expect(() => writer().fit(data, { stream: 1 as never })).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID' }) as Error,
    );
  });

  it('needs tokens with numbers', async () => {
    const pipeline = registry.pipeline({ ...parts, input: { vectorizer: { use: 'numeric' } } });
    const rows = [{ values: [[1], [2]] }, { values: [[3], [4]] }];
    await expect(pipeline.fit(rows, { epochs: 1 })).rejects.toMatchObject({ code: 'TARGET_NOT_TOKENS' });
  });
});
