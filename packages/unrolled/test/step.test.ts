// One sequence read piece by piece: the whole's prediction at its end, streams that are values, and what does not stream.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createPipeline,
  decodeStream,
  encodeStream,
  isUnrolledError,
  type Model,
  type ModelStream,
  type Pipeline,
  type StreamedPrediction,
  type StreamPiece,
} from '../src/index.ts';
import { manifest, pipeline, registry, reviews } from './support.ts';

const data = reviews(40);
const settings = { epochs: 1, batchSize: 8, validation: 0.2, calibrate: true } as const;

async function read(model: Model, pieces: readonly StreamPiece[], from?: ModelStream): Promise<StreamedPrediction> {
  let last: StreamedPrediction | undefined;
  for (const piece of pieces) last = await model.step(piece, last?.stream ?? from);
  return last as StreamedPrediction;
}

describe.each([
  ['vanilla', 'last'],
  ['lstm', 'mean'],
  ['lstm', 'max'],
])('%s, pooled by %s', (cell, pool) => {
  const layers = [
    { use: cell, with: { units: 4 } },
    { use: cell, with: { units: 3 } },
  ];
  const model = pipeline({ layers, task: { use: 'many-to-one', with: { pool } } });

  it('ends word by word in the bits of the whole review, and so does every review so far', async () => {
    await model.fit(data, settings);
    for (const { text = '' } of data.slice(0, 6)) {
      const words = text.split(' ');
      let stream: ModelStream | undefined;
      for (const [index, word] of words.entries()) {
        const { stream: next, ...prediction } = await model.step(word, stream);
        expect(prediction).toEqual(await model.predict(words.slice(0, index + 1).join(' ')));
        stream = next;
      }
    }
  });

  it('is the same however the review is cut', async () => {
    const words = 'the plot is a lovely story with a dull cast'.split(' ');
    const whole = await model.predict(words.join(' '));
    for (const cut of [1, 4, 8]) {
      const halves = [words.slice(0, cut).join(' '), ` ${words.slice(cut).join(' ')}`];
      expect(await read(model, ['', ...halves, ' ', '!'])).toMatchObject({ ...whole });
      expect(await read(model, [{ tokens: words.slice(0, cut) }, { text: halves[1] as string }])).toMatchObject(whole);
    }
  });
});

describe('a stream', () => {
  const model = pipeline();
  let good: StreamedPrediction;

  beforeAll(async () => {
    await model.fit(data, settings);
    good = await model.step('a good film');
  });

  it('is a value: forks go their own ways, also at the same time', async () => {
    const before = structuredClone(good);
    const [better, worse] = await Promise.all([
      read(model, ['with', 'superb', 'music'], good.stream),
      read(model, ['with', 'awful', 'music'], good.stream),
    ]);
    expect(better).toMatchObject(await model.predict('a good film with superb music'));
    expect(worse).toMatchObject(await model.predict('a good film with awful music'));
    expect(good).toEqual(before);
  });

  it('goes on in bytes, in a clone and in the loaded model', async () => {
    const whole = await model.predict('a good film with superb music');
    const loaded = await registry.load(await model.toFiles({ slim: true }));
    const bytes = encodeStream(good.stream);
    expect(decodeStream(bytes)).toEqual(good.stream);
    for (const stream of [decodeStream(bytes), structuredClone(good.stream)])
      expect(await loaded.step('with superb music', stream)).toMatchObject(whole);
    loaded.dispose();
  });

  it('begins before the first token as an empty sequence does', async () => {
    expect(await model.step('')).toMatchObject(await model.predict('!!!'));
  });

  it('looks at no steps past the longest that the model reads', async () => {
    for (const limited of [
      { pipeline: pipeline(), fit: { maximumLength: 3 } },
      {
        pipeline: pipeline({
          input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 5, maximumLength: 3 } } },
        }),
        fit: {},
      },
    ]) {
      await limited.pipeline.fit(data, { ...settings, ...limited.fit });
      const pieces = ['a', 'good', 'film with', 'superb', 'dull music'];
      const last = await read(limited.pipeline, pieces);
      expect(last).toMatchObject(await limited.pipeline.predict(pieces.join(' ')));
      expect([...last.stream.state.steps]).toEqual([3]);
    }
  });

  it('keeps a NaN in its state visible', async () => {
    const ill = structuredClone(good.stream);
    ill.state.values['layers.0.h']?.data.fill(Number.NaN);
    const after = await model.step('film', decodeStream(encodeStream(ill)));
    expect(after.probability).toBeNaN();
    expect(after.stream.state.values['layers.0.h']?.data[0]).toBeNaN();
  });

  it('is refused by another model, and where it is no stream of one sequence', async () => {
    const other = pipeline();
    await other.fit(data, { ...settings, seed: 2 });
    await expect(other.step('film', good.stream)).rejects.toThrow('it is of another model, or of other weights');
    const { state } = good.stream;
    const pair = { ...good.stream, state: { ...state, steps: Int32Array.of(3, 3) } };
    await expect(model.step('film', pair)).rejects.toThrow('it holds 2 sequences, and a model reads one at a time');
    const broken = { ...good.stream, state: { ...state, values: {} } };
    for (const stream of [pair, broken, {} as ModelStream, 7 as unknown as ModelStream])
      await expect(model.step('film', stream)).rejects.toMatchObject({ code: 'STATE_INVALID' });
  });

  it('refuses bytes that are not its own', async () => {
    const bytes = encodeStream(good.stream);
    const weights = (await model.toFiles({ slim: true })).get('weights.safetensors') as Uint8Array;
    for (const wrong of [bytes.slice(0, 40), new Uint8Array(), weights])
      expect(codeOf(() => decodeStream(wrong))).toBe('STREAM_CORRUPT');
  });

  it('refuses pieces that the model does not read', async () => {
    for (const piece of [7, null, { tokens: 'good' }, { tokens: [1] }, { values: [[1]] }])
      await expect(model.step(piece as never, good.stream)).rejects.toMatchObject({ code: 'EXAMPLE_INVALID' });
  });

  it('ends with its model', async () => {
    const brief = pipeline();
    await expect(brief.step('film')).rejects.toMatchObject({ code: 'NOT_FITTED' });
    await brief.fit(data, settings);
    const { stream } = await brief.step('film');
    brief.dispose();
    for (const before of [stream, undefined])
      await expect(brief.step('film', before)).rejects.toMatchObject({ code: 'EXECUTABLE_DISPOSED' });
  });
});

describe('what needs the whole', () => {
  const trained = async (changes: Parameters<typeof manifest>[0]): Promise<Pipeline> => {
    const made = createPipeline(registry.resolve(manifest(changes)));
    await made.fit(data, settings);
    return made;
  };

  it('is a layer that runs backward, which is named', async () => {
    const forward = { use: 'vanilla', with: { units: 3 } };
    const model = await trained({ layers: [forward, { use: 'lstm', with: { units: 3 }, direction: 'both' }] });
    await expect(model.step('film')).rejects.toMatchObject({
      code: 'NETWORK_DOES_NOT_STREAM',
      message: expect.stringContaining('Layer 1 (lstm) runs backward, so it needs the end of the sequence first.'),
    });
  });

  it('is a tokenizer whose tokens reach over the cuts; its tokens can be given', async () => {
    const model = await trained({
      input: {
        tokenizer: { use: 'ngrams', with: { order: 'position' } },
        vectorizer: { use: 'embedding', with: { size: 4 } },
      },
    });
    await expect(model.step('a good film')).rejects.toMatchObject({ code: 'TOKENIZER_NOT_PIECEWISE' });
    const tokens = ['a', 'a good', 'good', 'good film', 'film'];
    const last = await read(
      model,
      tokens.map((token) => ({ tokens: [token] })),
    );
    expect(last).toMatchObject(await model.predict('a good film'));
  });
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return isUnrolledError(error) ? error.code : String(error);
  }
  return undefined;
}
