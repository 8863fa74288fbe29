// Sequences that don't fit a model, each refused with its place, what was given, what was expected and a mend.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, type Json, type Pipeline, registry } from '../src/index.ts';

const layers = [{ use: 'vanilla', with: { units: 3 } }];
const words = (minimumCount = 1) => ({
  tokenizer: { use: 'words' },
  vectorizer: { use: 'embedding', with: { size: 3, minimumCount } },
});
const learning = { optimizer: { use: 'sgd' }, trainer: { use: 'bptt' }, backend: { use: 'reference' } };

const create = (parts: Readonly<Record<string, Json>>): Pipeline<string, any> =>
  registry.pipeline({ ...learning, ...parts } as never) as unknown as Pipeline<string, any>;
const numeric = (options: Readonly<Record<string, Json>> = {}) => ({ vectorizer: { use: 'numeric', with: options } });
const classifier = (options?: Readonly<Record<string, Json>>) =>
  create({ input: numeric(options), layers, task: { use: 'many-to-one' } });
const captioner = (minimumCount?: number) =>
  create({
    input: numeric({ steps: 'whole' }),
    target: words(minimumCount),
    encoder: { layers: [] },
    decoder: { layers },
    task: { use: 'encoder-decoder' },
  });

const picture = (height: number, width: number) =>
  Array.from({ length: height }, (_, y) => Array.from({ length: width }, (__, x) => (x + y) / 9));
const size = (height: number, width: number, channels = 1) => ({ height, width, channels });
const labelled: Example[] = [
  { values: picture(2, 2), label: 'grey' },
  {
    values: [
      [1, 1],
      [1, 1],
    ],
    label: 'white',
  },
];
const captioned: Example[] = [
  { values: picture(2, 2), target: 'a grey square' },
  {
    values: [
      [1, 1],
      [1, 1],
    ],
    target: 'a white square',
  },
];
const once = { epochs: 1 };

const refused = (code: string, message: string) => ({
  code,
  message: expect.stringContaining(message),
  mend: expect.stringMatching(/\.$/),
});

describe('pictures and frames', () => {
  let model: Pipeline<string, any>;
  let captions: Pipeline<string, any>;
  beforeAll(async () => {
    model = classifier();
    captions = captioner();
    await model.fit(labelled, once);
    await captions.fit(captioned, once);
  });
  afterAll(() => {
    model.dispose();
    captions.dispose();
  });

  const wider = 'step 1 has 3 numbers, but those that were fitted on have 2.';
  it.each<[string, Example, string]>([
    [
      'frames of varying width',
      {
        values: [
          [1, 2],
          [1, 2, 3],
        ],
      },
      ', step 2: the row has 3 numbers, but the first step has 2.',
    ],
    ['a picture that is wider', { values: picture(2, 3) }, `: ${wider.replace('step', 'Step')}`],
    ['no rows of numbers', { values: [1, 2] as never }, ', step 1: a row of numbers was expected, but 1 was given.'],
    [
      'a picture with a row too few',
      { values: picture(2, 2), image: size(3, 2) },
      ' is said to be a picture of 2 × 3 pixels of 1 number, which are 3 rows of 2, but its values are 2 rows of 2.',
    ],
    [
      'a picture without its colours',
      { values: picture(2, 2), image: size(2, 2, 3) },
      ' is said to be a picture of 2 × 2 pixels of 3 numbers, which are 2 rows of 6, but its values are 2 rows of 2.',
    ],
  ])('%s', async (_, bad, message) => {
    const example = { ...bad, label: 'grey' };
    await expect(classifier().fit([...labelled, example], once)).rejects.toMatchObject(
      refused('EXAMPLE_INVALID', `Example 3${message}`),
    );
    await expect(model.evaluate([labelled[0] as Example, example])).rejects.toMatchObject(
      refused('EXAMPLE_INVALID', `Example 2${message}`),
    );
    await expect(model.predict([labelled[0] as Example, bad])).rejects.toMatchObject(
      refused('EXAMPLE_INVALID', `Example 2${message}`),
    );
    const named = { ...bad, origin: 'clip 7' };
    await expect(model.predict(named)).rejects.toMatchObject(refused('EXAMPLE_INVALID', `clip 7${message}`));
  });

  it('a picture of another height, where it is read as a whole', async () => {
    const message = 'The picture has 3 rows, but those that were fitted on have 2.';
    await expect(captions.predict({ values: picture(3, 2) })).rejects.toMatchObject(
      refused('EXAMPLE_INVALID', `Example 1: ${message}`),
    );
    const taller = [...captioned, { values: picture(3, 2), target: 'a square' }];
    await expect(captioner().fit(taller, once)).rejects.toMatchObject(refused('EXAMPLE_INVALID', 'Example 3: '));
  });

  it('takes pictures that are as large as they say', async () => {
    expect(await model.predict({ values: picture(2, 2), image: size(2, 2) })).toMatchObject({
      label: expect.any(String),
    });
    expect(await model.predict({ values: picture(2, 2), image: size(2, 1, 2) })).toMatchObject({
      label: expect.any(String),
    });
  });

  it('a step of a stream that is wider', async () => {
    await expect(model.step({ values: [[1, 2, 3]] })).rejects.toMatchObject(
      refused('EXAMPLE_INVALID', 'The piece: Step 1 has 3 numbers'),
    );
  });

  it('settings of writing, for a model that writes nothing', async () => {
    for (const [key, value] of Object.entries({
      beam: 2,
      maximumLength: 3,
      lengthPenalty: 1,
      attention: true,
      sample: {},
    }))
      await expect(model.predict({ values: picture(2, 2) }, { [key]: value } as never)).rejects.toMatchObject(
        refused('SETTING_INVALID', `"${key}" is for models that generate a sequence, and this one does not.`),
      );
  });

  it('a beam wider than the vocabulary, an answer past any limit', async () => {
    const ask = (settings: object) => captions.predict({ values: picture(2, 2) }, settings as never);
    await expect(ask({ beam: 8 })).rejects.toMatchObject(
      refused('SETTING_INVALID', '"beam" must be at most the 7 tokens of the vocabulary, but 8 was given.'),
    );
    for (const maximumLength of [0, Number.POSITIVE_INFINITY, 1e300])
      await expect(ask({ maximumLength })).rejects.toMatchObject(
        refused('SETTING_INVALID', '"maximumLength" must be a whole number of at least 1'),
      );
    expect((await ask({ maximumLength: 1, beam: 7 })).tokens.length).toBeLessThanOrEqual(1);
  });
});

describe('targets', () => {
  it('without a token are refused', async () => {
    const bad = [...captioned, { values: picture(2, 2), target: ' ' }];
    await expect(captioner().fit(bad, once)).rejects.toMatchObject(
      refused('TARGET_EMPTY', 'Example 3 has a target without a token: " ".'),
    );
  });

  it('of unknown tokens alone leave nothing to write', async () => {
    const message = 'All tokens that are to be predicted are unknown to the vocabulary';
    await expect(captioner(9).fit(captioned, once)).rejects.toMatchObject(refused('VOCABULARY_EMPTY', message));
    const writer = create({ input: words(9), layers, task: { use: 'language-model' } });
    await expect(writer.fit([{ text: 'a few words' }], once)).rejects.toMatchObject(
      refused('VOCABULARY_EMPTY', message),
    );
  });

  it('with unknown tokens are measured, and none of those is ever written', async () => {
    const pipeline = captioner(2);
    await pipeline.fit(captioned, { epochs: 3 });
    expect(await pipeline.evaluate([{ values: picture(2, 2), target: 'a mauve mouse' }])).toMatchObject({
      tokens: 4,
      unknownTokens: 2,
    });
    const answers = await pipeline.predict(new Array(40).fill({ values: picture(2, 2) }), {
      sample: { temperature: 9 },
      maximumLength: 6,
    } as never);
    const written = new Set(answers.flatMap(({ tokens }: { readonly tokens: readonly string[] }) => tokens));
    expect([...written].sort()).toEqual(['a', 'square']);
    pipeline.dispose();
  });
});
