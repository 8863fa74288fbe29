// Live with gensim: it reads our files, we read its, and both say the same about random vectors; a new seed each time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPython } from '@unrolled/peers';
import { evaluateAnalogies, evaluateWordPairs, KeyedVectors } from '@unrolled/word-vectors';
import { loadWordVectors, saveWordVectors } from '@unrolled/word-vectors/node';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'word-vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));
const seed = Date.now() & 0x7fffffff;
const size = 20;

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !/\s|\p{Surrogate}/u.test(text));
const [words = []] = fc.sample(fc.uniqueArray(word, { minLength: 400, maxLength: 400 }), { numRuns: 1, seed });
const [numbers = []] = fc.sample(
  fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 400 * size, maxLength: 400 * size }),
  { numRuns: 1, seed },
);
const vectors = new KeyedVectors({ words, size, values: Float32Array.from(numbers) });
const where = `seed ${seed}`;

interface Read {
  readonly words: string[];
  readonly values: number[];
}

describe('files', () => {
  it('that we write are read by gensim to the bit', async () => {
    const files = {
      text: join(folder, 'ours.txt'),
      binary: join(folder, 'ours.bin'),
      glove: join(folder, 'ours.glove'),
    };
    await saveWordVectors(files.text, vectors, 'word2vec-text');
    await saveWordVectors(files.binary, vectors, 'word2vec-binary');
    await saveWordVectors(files.glove, vectors, 'glove');
    const found = await runPython<Record<keyof typeof files, Read>>(
      `from gensim.models import KeyedVectors
def main(files):
    loaded = {
        "text": KeyedVectors.load_word2vec_format(files["text"]),
        "binary": KeyedVectors.load_word2vec_format(files["binary"], binary=True),
        "glove": KeyedVectors.load_word2vec_format(files["glove"], no_header=True),
    }
    return {name: {"words": kv.index_to_key, "values": kv.vectors.astype(float).ravel().tolist()} for name, kv in loaded.items()}`,
      files,
    );
    for (const name of ['text', 'binary', 'glove'] as const) {
      expect(found[name].words, `${name}, ${where}`).toEqual(words);
      expect(found[name].values, `${name}, ${where}`).toEqual([...vectors.values]);
    }
  });

  it('that gensim writes are read by us to the bit; of fastText, n-grams of unknown words too', async () => {
    const theirs = await runPython<{ word2vec: Read; fasttext: Read & { unknown: Record<string, number[]> } }>(
      `import random
from gensim.models import FastText, Word2Vec
from gensim.models.fasttext import save_facebook_model
def main(given):
    draw = random.Random(given["seed"])
    sentences = [draw.choices(given["words"], k=10) for _ in range(300)]
    model = Word2Vec(sentences, vector_size=12, min_count=1, epochs=1, seed=given["seed"], workers=1)
    model.wv.save_word2vec_format(given["folder"] + "/theirs.txt")
    model.wv.save_word2vec_format(given["folder"] + "/theirs.bin", binary=True)
    fast = FastText(sentences, vector_size=12, min_count=1, epochs=1, seed=given["seed"], workers=1, bucket=500)
    save_facebook_model(fast, given["folder"] + "/fasttext.bin")
    fast.wv.save_word2vec_format(given["folder"] + "/fasttext.vec")
    read = lambda kv: {"words": kv.index_to_key, "values": kv.vectors.astype(float).ravel().tolist()}
    unknown = {word: fast.wv[word].astype(float).tolist() for word in given["unknown"]}
    return {"word2vec": read(model.wv), "fasttext": read(fast.wv) | {"unknown": unknown}}`,
      { words, folder, seed, unknown: ['nãovisto', '日本語だ', 'unseen-word'] },
    );
    for (const name of ['theirs.txt', 'theirs.bin']) {
      const { vectors: found } = await loadWordVectors(join(folder, name));
      expect(found.words, `${name}, ${where}`).toEqual(theirs.word2vec.words);
      expect([...found.values], `${name}, ${where}`).toEqual(theirs.word2vec.values);
    }
    const { vectors: vec } = await loadWordVectors(join(folder, 'fasttext.vec'));
    expect([...vec.values], where).toEqual(theirs.fasttext.values);
    const { vectors: fast } = await loadWordVectors(join(folder, 'fasttext.bin'));
    expect(fast.words, where).toEqual(theirs.fasttext.words);
    for (const [i, value] of fast.values.entries())
      expect(value, where).toBeCloseTo(theirs.fasttext.values[i] as number, 6);
    for (const [unknown, vector] of Object.entries(theirs.fasttext.unknown))
      for (const [i, value] of fast.vector(unknown).entries())
        expect(value, `${unknown}, ${where}`).toBeCloseTo(vector[i] as number, 6);
  });
});

describe('questions', () => {
  it('on gensim’s own WordSim353, SimLex999 and analogies are answered alike', async () => {
    // words of the test sets with vectors by their letters, so that some answers are right
    const theirs = await runPython<{
      words: string[];
      values: number[];
      pairs: { text: string; pearson: number; spearman: number; unknown: number }[];
      analogies: { text: string; sections: [string, number, number][] };
    }>(
      `import numpy as np
from gensim.models import KeyedVectors
from gensim.test.utils import datapath
def letters(word, draw):
    vector = draw.normal(size=26) * 0.3
    for letter in word.lower():
        if letter.isascii() and letter.isalpha():
            vector[ord(letter) - 97] += 1
    return vector
def main(seed):
    draw = np.random.default_rng(seed)
    files = [datapath("wordsim353.tsv"), datapath("simlex999.txt")]
    questions = datapath("questions-words.txt")
    words = sorted({w for f in [*files, questions] for line in open(f) if line[0] not in "#:" for w in line.split()[: 2 if f != questions else 4]})
    draw.shuffle(words)
    words = words[: len(words) * 9 // 10]
    kv = KeyedVectors(26)
    kv.add_vectors(words, np.array([letters(word, draw) for word in words], dtype=np.float32))
    pairs = []
    for f in files:
        pearson, spearman, unknown = kv.evaluate_word_pairs(f)
        pairs.append({"text": open(f).read(), "pearson": float(pearson[0]), "spearman": float(spearman[0]), "unknown": unknown})
    _, sections = kv.evaluate_word_analogies(questions)
    return {"words": words, "values": kv.vectors.astype(float).ravel().tolist(), "pairs": pairs, "analogies": {
        "text": open(questions).read(),
        "sections": [[s["section"], len(s["correct"]), len(s["incorrect"])] for s in sections[:-1]]}}`,
      seed,
    );
    const model = new KeyedVectors({ words: theirs.words, size: 26, values: Float32Array.from(theirs.values) });
    for (const { text, pearson, spearman, unknown } of theirs.pairs) {
      const found = evaluateWordPairs(model, text, { confidence: { samples: 2 } });
      expect(found.pearson.value, where).toBeCloseTo(pearson, 6);
      expect(found.spearman.value, where).toBeCloseTo(spearman, 5);
      expect(100 * found.unknownShare, where).toBeCloseTo(unknown, 10);
      expect(found.used, where).toBeGreaterThan(200);
    }
    const { sections } = await evaluateAnalogies(model, theirs.analogies.text);
    expect(sections.map(({ name }) => name)).toEqual(theirs.analogies.sections.map(([name]) => name));
    for (const [i, [name, correct, incorrect]] of theirs.analogies.sections.entries()) {
      expect(sections[i]?.used, `${name}, ${where}`).toBe(correct + incorrect);
      // float32 sums may order two near-equal answers otherwise
      expect(Math.abs((sections[i]?.correct ?? 0) - correct), `${name}, ${where}`).toBeLessThanOrEqual(1);
    }
    expect(sections.reduce((sum, { correct }) => sum + correct, 0)).toBeGreaterThan(500);
  });
});
