// What a network says of its own words when they are given to it: the same bits as when it wrote them; and padding of any kind changes none.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Example,
  type Executable,
  type Json,
  type Model,
  type Pipeline,
  reference,
  registry,
  wasm,
} from '../src/index.ts';

const embedded = (size: number) => ({
  tokenizer: { use: 'characters' },
  vectorizer: { use: 'embedding', with: { size } },
});
const layers = [
  { use: 'lstm', with: { units: 5 } },
  { use: 'lstm', with: { units: 5, layerNorm: true }, residual: true },
];
const texts = ['abcab', 'b', 'cabb', 'ba', 'abc', 'ccabac'];

function create<L extends 'label' | 'labels' | 'next' | 'sequence'>(
  parts: Readonly<Record<string, Json>>,
): Pipeline<string, L> {
  return registry.pipeline({
    input: embedded(4),
    optimizer: { use: 'adam', with: { learningRate: 0.03 } },
    trainer: { use: 'bptt' },
    backend: { use: 'wasm', threads: 1 },
    ...parts,
  } as never) as unknown as Pipeline<string, L>;
}

const writer = create<'next'>({ layers, task: { use: 'language-model' } });
const reverser = create<'sequence'>({
  target: embedded(3),
  encoder: { layers: [{ use: 'lstm', with: { units: 4 }, direction: 'both' }] },
  decoder: { layers },
  attention: { use: 'additive', with: { units: 4 } },
  task: { use: 'encoder-decoder' },
});
const classifier = create<'label'>({ layers, task: { use: 'many-to-one', with: { pool: 'mean' } } });
const tagger = create<'labels'>({
  layers: [{ use: 'vanilla', with: { units: 4 }, direction: 'both' }],
  task: { use: 'many-to-many' },
});

const settings = { epochs: 3, batchSize: 4, seed: 2 };
beforeAll(async () => {
  const each = (more: (text: string) => Partial<Example>) => texts.map((text): Example => ({ text, ...more(text) }));
  await writer.fit(
    each(() => ({})),
    { ...settings, epochs: 6 },
  );
  await reverser.fit(
    each((text) => ({ target: [...text].reverse().join('') })),
    { ...settings, epochs: 20 },
  );
  await classifier.fit(
    each((text) => ({ label: text.startsWith('a') ? 'yes' : 'no' })),
    settings,
  );
  await tagger.fit(
    each((text) => ({ labels: [...text] })),
    settings,
  );
});
afterAll(() => {
  for (const model of [writer, reverser, classifier, tagger]) model.dispose();
});

/** Numbers of tokens by text; 0 is padding and 1 what is unknown, which are never written. */
async function idsOf(model: Model<string, any>): Promise<ReadonlyMap<string, number>> {
  const bytes = (await model.toFiles({ slim: true })).get('vocabulary.json');
  const vocabulary = JSON.parse(new TextDecoder().decode(bytes));
  const { tokens } = (vocabulary.target ?? vocabulary) as { readonly tokens: readonly string[] };
  return new Map(tokens.map((token, index) => [token, index + 2]));
}

/** A model's whole network on both backends. */
async function wholeOf(model: Model<string, any>): Promise<readonly [ours: Executable, exact: Executable]> {
  const { network, parameters } = await model.anatomy();
  const both = [
    await wasm.compile(wasm.options.defaults)(network, { threads: 1 }),
    await reference.compile({})(network, {}),
  ];
  for (const executable of both) await executable.write({ parameters });
  return both as unknown as readonly [Executable, Executable];
}

/** Logits after each step of one sequence `[steps][numbers]`. */
async function logitsOf(executable: Executable, x: Int32Array, source?: Int32Array): Promise<readonly Float64Array[]> {
  const time = Math.max(x.length, source?.length ?? 0);
  const padded = (ids: Int32Array) => Int32Array.from({ length: time }, (_, step) => ids[step] ?? 0);
  const batch = {
    size: 1,
    time,
    inputs: { x: padded(x), ...(source && { source: padded(source) }) },
    lengths: Int32Array.of(time),
    ...(source && { sourceLengths: Int32Array.of(source.length) }),
    exampleIndex: new Int32Array(1),
    start: new Int32Array(1),
  };
  const { data, shape } = (await executable.forward(batch, executable.initialState(1), { mode: 'infer' })).output;
  const width = shape[2] as number;
  return Array.from(x, (_, step) => Float64Array.from(data.subarray(step * width, (step + 1) * width)));
}

/** Logarithms of the probabilities of what can be written. */
function logProbabilities(logits: Float64Array): Float64Array {
  const possible = logits.map((logit, id) => (id < 2 ? -Infinity : logit));
  const largest = Math.max(...possible);
  const total = largest + Math.log(possible.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  return possible.map((logit) => logit - total);
}

/** What was written, read back by the whole network: the tokens are the likeliest there too, and as likely. */
async function expectReadBack(
  whole: readonly [Executable, Executable],
  boundary: number,
  written: { readonly ids: readonly number[]; readonly ended: boolean; readonly logProbability: number },
  source?: Int32Array,
): Promise<void> {
  const { ids, ended, logProbability } = written;
  const targets = ended ? [...ids, boundary] : ids;
  const x = Int32Array.of(boundary, ...targets.slice(0, -1));
  for (const [place, executable] of whole.entries()) {
    const steps = (await logitsOf(executable, x, source)).map(logProbabilities);
    expect(steps.map((each) => each.indexOf(Math.max(...each)))).toEqual(targets);
    const total = targets.reduce((sum, id, step) => sum + (steps[step]?.[id] as number), 0);
    // Where one float32 of the logits were another, the sum would differ in the seventh digit.
    expect(total).toBeCloseTo(logProbability, place === 0 ? 11 : 4);
  }
}

describe('free-running and teacher-forced agree', () => {
  it('in a language model: what it writes without chance is the likeliest when it is given, on the reference too', async () => {
    const [whole, ids] = [await wholeOf(writer), await idsOf(writer)];
    const boundary = ids.get('<|boundary|>') as number;
    const { tokens, ended, logProbability } = await writer.generate('', { topK: 1, maximumLength: 15 });
    expect(tokens.length).toBeGreaterThan(1);
    const written = tokens.map((token) => ids.get(token) as number);
    await expectReadBack(whole, boundary, { ids: written, ended, logProbability });

    let stream: Awaited<ReturnType<typeof writer.step>>['stream'] | undefined;
    const steps = await logitsOf(whole[0], Int32Array.of(boundary, ...written));
    for (const [step, token] of [undefined, ...tokens].entries()) {
      stream = (await writer.step({ tokens: token === undefined ? [] : [token] }, stream)).stream;
      expect(Float64Array.from(stream.logits.data), `after ${step} tokens`).toEqual(steps[step]);
    }
    for (const executable of whole) executable.dispose();
  });

  it('in an encoder–decoder: greedily, and a beam of one is the same', async () => {
    const [whole, ids] = [await wholeOf(reverser), await idsOf(reverser)];
    const boundary = ids.get('<|boundary|>') as number;
    const { batch } = await reverser.anatomy();
    const answers = await reverser.predict(texts, { maximumLength: 8 });
    expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(2);
    expect(await reverser.predict(texts, { maximumLength: 8, beam: 1 })).toEqual(answers);
    for (const [index, { tokens, ...written }] of answers.entries()) {
      const { inputs, sourceLengths } = await batch(texts[index] as string);
      const source = (inputs.source as Int32Array).slice(0, sourceLengths?.[0]);
      await expectReadBack(
        whole,
        boundary,
        { ...written, ids: tokens.map((token) => ids.get(token) as number) },
        source,
      );
    }
    for (const executable of whole) executable.dispose();
  });

  it('in an encoder–decoder: a beam as wide as the vocabulary finds the best of all that are short', async () => {
    const [whole, ids] = [await wholeOf(reverser), await idsOf(reverser)];
    const boundary = ids.get('<|boundary|>') as number;
    const letters = [...ids.values()].filter((id) => id !== boundary);
    const { batch } = await reverser.anatomy();
    for (const text of texts.slice(0, 3)) {
      const { inputs, sourceLengths } = await batch(text);
      const source = (inputs.source as Int32Array).slice(0, sourceLengths?.[0]);
      // All that end after at most one letter, and all that two letters cut.
      const all = [[boundary], ...letters.flatMap((first) => [...ids.values()].map((second) => [first, second]))];
      const likely = await Promise.all(
        all.map(async (targets) => {
          const steps = await logitsOf(whole[0], Int32Array.of(boundary, ...targets.slice(0, -1)), source);
          return targets.reduce(
            (sum, id, step) => sum + (logProbabilities(steps[step] as Float64Array)[id] as number),
            0,
          );
        }),
      );
      const best = all[likely.indexOf(Math.max(...likely))] as number[];
      const found = await reverser.predict(text, { beam: ids.size, maximumLength: 2 });
      expect([...found.tokens.map((token) => ids.get(token)), ...(found.ended ? [boundary] : [])]).toEqual(best);
      expect(found.logProbability).toBeCloseTo(Math.max(...likely), 11);
    }
    for (const executable of whole) executable.dispose();
  });
});

describe('padding never changes a result', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x'), minLength: 1, maxLength: 24 });
  const some = fc.tuple(fc.array(text, { minLength: 2, maxLength: 9 }), fc.integer({ min: 2, max: 9 }));
  const models: readonly [string, Model<string, any>][] = [
    ['many-to-one', classifier],
    ['many-to-many', tagger],
    ['language-model', writer],
    ['encoder-decoder', reverser],
  ];

  it.each(models)('in %s: a batch of any lengths is each alone, bit for bit', async (_, model) => {
    await fc.assert(
      fc.asyncProperty(some, async ([inputs, batchSize]) => {
        const more = model === reverser ? { maximumLength: 5, attention: true } : {};
        const answers = await model.predict(inputs, { batchSize, ...more } as never);
        for (const [index, input] of inputs.entries())
          expect(await model.predict(input, more as never)).toEqual(answers[index]);
      }),
      { numRuns: 6, seed: 12 },
    );
  });
});
