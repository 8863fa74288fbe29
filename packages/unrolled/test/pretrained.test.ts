// Vectors trained before: a pipeline begins with them, leaves them alone where they are frozen, and saves what it has.
import { describe, expect, it } from 'vitest';
import {
  createPipeline,
  createRegistry,
  decodeSafetensors,
  fromFiles,
  type Json,
  type Pipeline,
  pretrainedEmbedding,
  type StoredTensor,
} from '../src/index.ts';
import { manifest, registry, reviews } from './support.ts';

const vectors = { words: ['good', 'bad', 'unheard'], size: 3, values: Float32Array.of(1, 2, 3, -1, -2, -3, 7, 8, 9) };

function pretrained(options: Readonly<Record<string, Json>>): Pipeline {
  const plugins = [...registry.plugins.filter(({ name }) => name !== 'embedding'), pretrainedEmbedding(vectors)];
  const vectorizer = { use: 'embedding', with: options };
  return createPipeline(
    createRegistry(plugins).resolve(manifest({ input: { tokenizer: { use: 'words' }, vectorizer } })),
  );
}

async function tableOf(pipeline: Pipeline): Promise<{ readonly tokens: readonly string[]; readonly E: StoredTensor }> {
  const files = await pipeline.toFiles({ slim: true });
  const { tokens } = JSON.parse(new TextDecoder().decode(files.get('vocabulary.json')));
  const { tensors } = decodeSafetensors(files.get('weights.safetensors') as Uint8Array);
  return { tokens, E: tensors.get('input.E') as StoredTensor };
}

async function rowOf(pipeline: Pipeline, word: string): Promise<number[]> {
  const { tokens, E } = await tableOf(pipeline);
  const row = 2 + tokens.indexOf(word);
  return [...E.data.slice(row * 3, row * 3 + 3)];
}

describe('vectors trained before', () => {
  it('are what the table begins with, and stay where they are frozen', async () => {
    const frozen = pretrained({ frozen: true });
    const { report } = await frozen.fit(reviews(60), { epochs: 2, batchSize: 16, seed: 1 });
    expect(report.vocabulary).toMatchObject({ tokensWithVector: 2 });
    expect(await rowOf(frozen, 'good')).toEqual([1, 2, 3]);
    expect(await rowOf(frozen, 'bad')).toEqual([-1, -2, -3]);
    expect(Math.max(...(await rowOf(frozen, 'film')).map(Math.abs))).toBeLessThanOrEqual(0.05);
  });

  it('are learned on where they are not, from where they began', async () => {
    const learned = pretrained({});
    await learned.fit(reviews(60), { epochs: 1, batchSize: 16, seed: 1 });
    const row = await rowOf(learned, 'good');
    expect(row).not.toEqual([1, 2, 3]);
    // Adam at 0.02 goes no further than about that in an update; there are four.
    for (const [i, value] of row.entries()) expect(Math.abs(value - (i + 1))).toBeLessThan(0.1);
  });

  it('are not needed by a saved model', async () => {
    const frozen = pretrained({ frozen: true });
    await frozen.fit(reviews(60), { epochs: 2, batchSize: 16, seed: 1 });
    const loaded = await fromFiles(await frozen.toFiles({ slim: true }), registry);
    expect(await loaded.predict('a good film')).toEqual(await frozen.predict('a good film'));
  });

  it('refuse another size and rows that are missing', () => {
    expect(() => pretrained({ size: 4 })).not.toThrow();
    expect(() => pretrainedEmbedding({ ...vectors, size: 4 })).toThrow(
      expect.objectContaining({ code: 'VECTORS_INVALID' }),
    );
  });

  it('refuse another size when a run begins', async () => {
    await expect(pretrained({ size: 4 }).fit(reviews(20), { epochs: 1 })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});
