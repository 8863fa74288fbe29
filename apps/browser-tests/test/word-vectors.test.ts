// Word vectors in a page: files of gensim and others read from the network, their neighbours, and files written.
import { evaluateWordPairs, KeyedVectors, readWordVectors, writeWordVectors } from '@unrolled/word-vectors';
import { describe, expect, test } from 'vitest';

type Ranked = readonly (readonly [word: string, score: number])[];

/** What gensim says of these words, as far as it is asked here. */
interface Answers {
  readonly size: number;
  readonly words: readonly string[];
  readonly vectors: readonly number[];
  readonly queries: { readonly neighbours: Readonly<Record<string, Ranked>>; readonly sum: Ranked };
  readonly evaluations: readonly {
    readonly mostFrequent: number;
    readonly ignoreCase: boolean;
    readonly unknownAsWrong: boolean;
    readonly spearman: number;
  }[];
}

const folder = '../../../packages/word-vectors/test/golden';
const addresses = import.meta.glob<string>('../../../packages/word-vectors/test/golden/*', {
  query: '?url',
  import: 'default',
  eager: true,
});

async function fetched(name: string): Promise<Response> {
  const response = await fetch(addresses[`${folder}/${name}`] as string);
  expect(response.ok).toBe(true);
  return response;
}

const answers = (await (await fetched('answers.json')).json()) as Answers;
const { queries, words, size } = answers;
const values = Float32Array.from(answers.vectors);

describe('files of others', () => {
  test.each(['gensim.txt', 'gensim.bin', 'word2vec-c.bin', 'glove.txt', 'python.safetensors'])(
    '%s is read to the bit, as bytes, as a stream and as a compressed stream',
    async (name) => {
      const bytes = new Uint8Array(await (await fetched(name)).arrayBuffer());
      const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
      for (const source of [bytes, new Blob([bytes]).stream(), compressed]) {
        const { vectors } = await readWordVectors(source, { name });
        expect(vectors.words).toEqual(words);
        expect(vectors.values).toEqual(values);
      }
    },
  );
});

describe("gensim's answers", () => {
  const vectors = new KeyedVectors({ words, size, values });

  test.each(Object.entries(queries.neighbours))('neighbours of %s', (word, theirs) => {
    const found = vectors.neighbours(word, { count: 5 });
    expect(found).toEqual(theirs.map(([name, score]) => ({ word: name, similarity: expect.closeTo(score, 6) })));
  });

  test('an analogy', () => {
    const found = vectors.analogy({ positive: ['woman', 'king'], negative: ['man'], count: 5 });
    expect(found.map(({ word }) => word)).toEqual(queries.sum.map(([word]) => word));
  });

  test('an evaluation over pairs', async () => {
    const text = await (await fetched('pairs.tsv')).text();
    for (const { mostFrequent, ignoreCase, unknownAsWrong, spearman } of answers.evaluations) {
      const unknown = unknownAsWrong ? 'zero' : 'skip';
      const found = evaluateWordPairs(vectors, text, { mostFrequent, ignoreCase, unknown });
      expect(found.spearman.value).toBeCloseTo(spearman, 12);
    }
  });
});

test.each(['word2vec-text', 'word2vec-binary', 'glove', 'safetensors'] as const)(
  'what is written as %s is read again to the bit',
  async (format) => {
    const { vectors } = await readWordVectors(writeWordVectors(new KeyedVectors({ words, size, values }), format));
    expect(vectors.words).toEqual(words);
    expect(vectors.values).toEqual(values);
  },
);
