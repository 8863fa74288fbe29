// Live with gensim: on the same sentences both find the same words alike, as nearly as gensim does with itself; a new seed each time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPython } from '@unrolled/peers';
import { trainWord2Vec } from '@unrolled/vectorizer-word2vec';
import type { KeyedVectors } from '@unrolled/word-vectors';
import { loadWordVectors, saveWordVectors } from '@unrolled/word-vectors/node';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'word2vec-'));
afterAll(() => rmSync(folder, { recursive: true }));
const seed = Date.now() & 0xffffff;
const where = `seed ${seed}`;

/** Sentences of the Lee corpus, which gensim brings for its own tests, as its tests cut them. */
const sentences = await runPython<string[][]>(
  `from gensim.test.utils import datapath
from gensim.utils import simple_preprocess
def main(_): return [simple_preprocess(line) for line in open(datapath("lee_background.cor"), encoding="utf-8")]`,
  null,
);

const variants = [
  { mode: 'skip-gram', softmax: 'negative-sampling' },
  { mode: 'skip-gram', softmax: 'hierarchical' },
  { mode: 'cbow', softmax: 'negative-sampling' },
  { mode: 'cbow', softmax: 'hierarchical' },
] as const;
const alike = { window: 4, epochs: 10, learningRate: 0.05 } as const;

/**
 * What gensim trains with two seeds, read from its files. The second gets the sentences from the last to the first, so that
 * words of one count come in another order: the Huffman tree depends on it, and ours is yet another.
 */
async function theirs(variant: (typeof variants)[number]): Promise<readonly KeyedVectors[]> {
  const files = [1, 2].map((n) => join(folder, `${variant.mode}-${variant.softmax}-${n}.bin`));
  await runPython<null>(
    `from gensim.models import Word2Vec
def main(given):
    hs = given["softmax"] == "hierarchical"
    for n, file in enumerate(given["files"]):
        sentences = given["sentences"][:: -1 if n else 1]
        model = Word2Vec(sentences, sg=int(given["mode"] == "skip-gram"), hs=int(hs), negative=0 if hs else 5,
                         window=given["window"], epochs=given["epochs"], alpha=given["learningRate"],
                         seed=given["seed"] + n, workers=1)
        model.wv.save_word2vec_format(file, binary=True)`,
    { ...variant, ...alike, sentences, files, seed },
  );
  return Promise.all(files.map(async (file) => (await loadWordVectors(file)).vectors));
}

describe.each(variants)('$mode, $softmax', (variant) => {
  it('says of the same words that they are alike', async () => {
    const [one, other] = (await theirs(variant)) as [KeyedVectors, KeyedVectors];
    const own = agreement(other, one);
    expect(own.cosines, where).toBeGreaterThan(0.6);
    for (const parallel of ['deterministic', 'hogwild'] as const) {
      const given = { ...variant, ...alike, profile: 'gensim', parallel, threads: 2, seed } as const;
      const { vectors } = await trainWord2Vec(sentences, given);
      expect(new Set(vectors.words), where).toEqual(new Set(one.words));
      const ours = agreement(vectors, one);
      expect(ours.cosines, `${parallel}, ${where}`).toBeGreaterThan(own.cosines - 0.05);
      expect(ours.neighbours, `${parallel}, ${where}`).toBeGreaterThan(own.neighbours - 0.08);
    }
  });
});

it('reads what we trained, and answers as we do', async () => {
  const { vectors } = await trainWord2Vec(sentences, { ...alike, threads: 2, seed });
  const file = join(folder, 'ours.bin');
  await saveWordVectors(file, vectors, 'word2vec-binary');
  const nearest = await runPython<[word: string, similarity: number][]>(
    `from gensim.models import KeyedVectors
def main(file): return KeyedVectors.load_word2vec_format(file, binary=True).most_similar("attacks", topn=50)`,
    file,
  );
  const found = vectors.neighbours('attacks', { count: 50 });
  expect(nearest.map(([, similarity]) => similarity)).toEqual(
    found.map(({ similarity }) => expect.closeTo(similarity, 5)),
  );
  // gensim's own tests ask for this much
  expect(
    nearest.map(([word]) => word),
    where,
  ).toContain('bombings');
});

interface Agreement {
  /** Correlation of the cosines of pairs of words. */
  readonly cosines: number;
  /** Share of the ten nearest words that both have. */
  readonly neighbours: number;
}

/** How far two trainings agree about the most frequent words. */
function agreement(a: KeyedVectors, b: KeyedVectors): Agreement {
  const words = b.words.slice(0, 300);
  const cosines = (vectors: KeyedVectors) =>
    words.flatMap((word, i) => words.slice(i + 1).map((with_) => vectors.similarity(word, with_)));
  const nearest = (vectors: KeyedVectors, word: string) => vectors.neighbours(word, { count: 10 }).map((n) => n.word);
  const shared = words.map((word) => {
    const found = new Set(nearest(a, word));
    return nearest(b, word).filter((one) => found.has(one)).length / 10;
  });
  return { cosines: correlation(cosines(a), cosines(b)), neighbours: mean(shared) };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
