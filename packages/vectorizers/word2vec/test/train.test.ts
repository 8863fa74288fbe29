// Training from outside: the same bits for any number of threads, from any checkpoint, however the corpus is read.
import { isUnrolledError } from '@unrolled/core';
import { type Corpus, trainWord2Vec, type Word2VecModel, type Word2VecOptions } from '@unrolled/vectorizer-word2vec';
import { describe, expect, test, vi } from 'vitest';
import { zipfCorpus } from './corpora.ts';

const corpus = zipfCorpus(6000, 300);
const small = { size: 8, window: 3, negatives: 3, epochs: 2, minimumCount: 3 } as const;

function bitsOf(model: Word2VecModel): string {
  return Buffer.from(model.checkpoint()).toString('base64');
}

const variants: readonly Partial<Word2VecOptions>[] = [
  {},
  { mode: 'cbow' },
  { softmax: 'hierarchical' },
  { mode: 'cbow', softmax: 'hierarchical', size: 13 },
  { maximumNgram: 4 },
  { mode: 'cbow', maximumNgram: 4, exactGradient: true, negatives: 9 },
];

describe('the same bits', () => {
  for (const variant of variants)
    test(`with 1, 2 and 4 threads: ${JSON.stringify(variant)}`, async () => {
      const given = { ...small, ...variant, parallel: 'deterministic' } as const;
      const models = [1, 2, 4].map((threads) => trainWord2Vec(corpus.slice(0, 1500), { ...given, threads }));
      const [one, two, four] = await Promise.all(models);
      expect([one, two, four].map((model) => model?.report.threads)).toEqual([1, 2, 4]);
      expect(bitsOf(two as Word2VecModel)).toBe(bitsOf(one as Word2VecModel));
      expect(bitsOf(four as Word2VecModel)).toBe(bitsOf(one as Word2VecModel));
    });

  test('where there is no shared memory', async () => {
    const given = { ...small, threads: 2 };
    const with2 = await trainWord2Vec(corpus.slice(0, 500), given);
    vi.stubGlobal('SharedArrayBuffer', undefined);
    try {
      const without = await trainWord2Vec(corpus.slice(0, 500), given);
      expect(without.report.threads).toBe(1);
      expect(bitsOf(without)).toBe(bitsOf(with2));
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('for a seed, and others for another', async () => {
    const [a, b, c] = await Promise.all(
      [1, 1, 2].map((seed) => trainWord2Vec(corpus.slice(0, 300), { ...small, seed })),
    );
    expect(bitsOf(a as Word2VecModel)).toBe(bitsOf(b as Word2VecModel));
    expect((a as Word2VecModel).vectors.values).not.toEqual((c as Word2VecModel).vectors.values);
  });

  test('from arrays, from what is read anew in every epoch, and from texts', async () => {
    const given = { ...small, threads: 1, epochs: 3 };
    const kept = bitsOf(await trainWord2Vec(corpus, given));
    let passes = 0;
    const streamed: Corpus = {
      async *[Symbol.asyncIterator]() {
        passes += 1;
        yield* corpus;
      },
    };
    expect(bitsOf(await trainWord2Vec(streamed, { ...given, keptWords: 1000 }))).toBe(kept);
    expect(passes).toBe(1 + 3);
    expect(bitsOf(await trainWord2Vec(streamed, given))).toBe(kept);
    expect(passes).toBe(4 + 1);
    const tokenizer = {
      tokenize: (text: string) =>
        text
          .split(' ')
          .filter(Boolean)
          .map((token) => ({ text: token, start: 0, end: 0 })),
    };
    const texts = corpus.map((tokens) => tokens.join(' '));
    expect(bitsOf(await trainWord2Vec(texts, { ...given, tokenizer }))).toBe(kept);
  });
});

describe('resumed', () => {
  for (const variant of [
    {},
    { mode: 'cbow', maximumNgram: 3 },
    { parallel: 'hogwild', softmax: 'hierarchical' },
  ] as const)
    test(`from any checkpoint it ends in the same bits: ${JSON.stringify(variant)}`, async () => {
      const given = { ...small, ...variant, threads: 1 };
      const threads = 'parallel' in variant ? 1 : 2;
      const run = trainWord2Vec(corpus, given);
      const checkpoints: Uint8Array[] = [];
      for await (const { checkpoint } of run) checkpoints.push(checkpoint());
      const whole = bitsOf(await run);
      // inside an epoch too: a chunk is 16,384 words and the corpus has more
      expect(checkpoints.length).toBeGreaterThanOrEqual(2);
      for (const resume of checkpoints) expect(bitsOf(await trainWord2Vec(corpus, { resume, threads }))).toBe(whole);
    });

  test('after it was left inside an epoch', async () => {
    const run = trainWord2Vec(corpus, { ...small, epochs: 3, threads: 1 });
    for await (const { words } of run) if (words > 0) break;
    const left = await run;
    expect(left.stopped).toBe('left');
    expect(left.report.trainedWords).toBeLessThan(left.report.occurrences);
    const whole = await trainWord2Vec(corpus, { ...small, epochs: 3, threads: 1 });
    expect(bitsOf(await trainWord2Vec(corpus, { resume: left.checkpoint(), threads: 1 }))).toBe(bitsOf(whole));
  });

  test('goes on for more epochs', async () => {
    const first = await trainWord2Vec(corpus.slice(0, 300), { ...small, threads: 1 });
    const more = await trainWord2Vec(corpus.slice(0, 300), { resume: first.checkpoint(), epochs: 5, threads: 1 });
    expect(more.report.epochs).toBe(5);
    expect(more.report.trainedWords).toBe((first.report.trainedWords / 2) * 5);
  });

  test('with other options, or from damaged bytes, is refused', async () => {
    const bytes = (await trainWord2Vec(corpus.slice(0, 300), { ...small, threads: 1 })).checkpoint();
    expect(() => trainWord2Vec(corpus, { resume: bytes, size: 9 })).toThrow(
      'option "size" must be 8, as in the checkpoint, but 9 was given',
    );
    expect(() => trainWord2Vec(corpus, { resume: bytes.slice(0, -4) })).toThrow('damaged');
  });
});

describe('what is learned', () => {
  for (const variant of variants)
    test(`words of one topic come together: ${JSON.stringify(variant)}`, async () => {
      const learningRate = variant.exactGradient ? 0.5 : 0.05;
      const given = { ...small, ...variant, epochs: 4, minimumCount: 20, learningRate, threads: 1 };
      const { vectors } = await trainWord2Vec(corpus, given);
      const words = vectors.words.slice(0, 24);
      const topic = (word: string): number => Number(word.slice(1)) % 4;
      const mean = (same: boolean): number => {
        const pairs = words.flatMap((a) =>
          words.filter((b) => a !== b && (topic(a) === topic(b)) === same).map((b) => vectors.similarity(a, b)),
        );
        return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
      };
      expect(mean(true) - mean(false)).toBeGreaterThan(0.2);
    });

  test('the loss on held-out sentences falls', async () => {
    const losses: number[] = [];
    const heldOut = corpus.slice(0, 200);
    for await (const { loss, epochEnded } of trainWord2Vec(corpus.slice(200), {
      ...small,
      epochs: 4,
      heldOut,
      threads: 1,
    }))
      if (epochEnded) losses.push(loss as number);
    expect(losses).toHaveLength(4);
    const chance = 4 * Math.LN2;
    expect(Math.max(...losses)).toBeLessThan(chance);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
  });

  test('a vector of an unknown word comes from its n-grams', async () => {
    const model = await trainWord2Vec(corpus, { ...small, maximumNgram: 4, threads: 1 });
    expect(model.vectorOf('w1')).toEqual(model.vectors.vector('w1'));
    expect(model.vectors.has('xw1')).toBe(false);
    expect(model.vectorOf('xw1')).toHaveLength(8);
    expect(model.vectorOf('日本語')).toBeUndefined();
    const without = await trainWord2Vec(corpus.slice(0, 300), { ...small, threads: 1 });
    expect(without.vectorOf('xw1')).toBeUndefined();
  });
});

describe('corpora of any shape', () => {
  test('words hold anything: spaces, nothing, names of what objects have', async () => {
    const odd = ['New York', '', '__proto__', 'constructor', '\u0000', '\ud800', '👍🏽'];
    const { vectors } = await trainWord2Vec([odd, odd, odd], { ...small, minimumCount: 1, threads: 1 });
    expect([...vectors.words].sort()).toEqual([...odd].sort());
    expect(vectors.vector('New York')).toHaveLength(8);
  });

  test('sentences without known words, and of one word, do no harm', async () => {
    const sentences = [[], ['a'], ['rare'], ['a', 'b'], [], ['b', 'a', 'rare2'], ['b']];
    const given = { ...small, minimumCount: 2, threads: 2 };
    const { report, vectors } = await trainWord2Vec(sentences, given);
    expect(report).toMatchObject({ sentences: 7, emptySentences: 2, occurrences: 6, occurrencesBelowMinimum: 2 });
    expect(report.unknownRate).toBe(0.25);
    expect(vectors.words).toEqual(['a', 'b']);
    expect(vectors.counts).toEqual([3, 3]);
  });

  test('a single word is enough for vectors', async () => {
    for (const softmax of ['negative-sampling', 'hierarchical'] as const) {
      const { vectors } = await trainWord2Vec([['a', 'a', 'a']], { ...small, minimumCount: 1, softmax, threads: 1 });
      expect(vectors.words).toEqual(['a']);
    }
  });
});

describe('what is refused', () => {
  const codeOf = async (work: () => unknown): Promise<string> => {
    try {
      await work();
    } catch (error) {
      return isUnrolledError(error) ? error.code : String(error);
    }
    return 'nothing';
  };
  const refusals: Readonly<Record<string, readonly [string, () => unknown]>> = {
    'no sentences': ['CORPUS_EMPTY', () => trainWord2Vec([])],
    'empty sentences': ['CORPUS_EMPTY', () => trainWord2Vec([[], []])],
    'nothing above the minimum count': ['VOCABULARY_EMPTY', () => trainWord2Vec([['a', 'b']])],
    'a generator': [
      'CORPUS_READ_ONCE',
      () =>
        trainWord2Vec(
          (function* () {
            yield ['a'];
          })(),
        ),
    ],
    'what gives nothing the second time': [
      'CORPUS_READ_ONCE',
      () => {
        const once = [['a', 'b']].values();
        return trainWord2Vec({ [Symbol.iterator]: () => once }, { minimumCount: 1, threads: 1, keptWords: 2 });
      },
    ],
    'what changes': [
      'CORPUS_CHANGED',
      () => {
        let pass = 0;
        return trainWord2Vec(
          { [Symbol.iterator]: () => [['a', 'b'], ['a']].slice(pass++).values() },
          { minimumCount: 1, keptWords: 2 },
        );
      },
    ],
    'a text as a corpus': ['CORPUS_INVALID', () => trainWord2Vec('a text' as never)],
    'nothing as a corpus': ['CORPUS_INVALID', () => trainWord2Vec(undefined as never)],
    'texts without a tokenizer': ['SENTENCE_INVALID', () => trainWord2Vec(['a text'])],
    'a token that is no text': ['SENTENCE_INVALID', () => trainWord2Vec([['a', 1 as never]])],
    'a window of 0': ['OPTION_INVALID', () => trainWord2Vec(corpus, { window: 0 })],
    'a size of 0': ['OPTION_INVALID', () => trainWord2Vec(corpus, { size: 0 })],
    'a learning rate that is no number': ['OPTION_INVALID', () => trainWord2Vec(corpus, { learningRate: Number.NaN })],
    'threads below 1': ['OPTION_INVALID', () => trainWord2Vec(corpus, { threads: 0 })],
    'an unknown option': ['OPTION_INVALID', () => trainWord2Vec(corpus, { sizes: 3 } as never)],
    'a rate at which numbers overflow': [
      'TRAINING_DIVERGED',
      () => trainWord2Vec(corpus, { ...small, learningRate: 1e30, threads: 1 }),
    ],
    'more memory than can be addressed': [
      'MEMORY_EXCEEDED',
      () => trainWord2Vec(corpus, { ...small, size: 2 ** 24, threads: 1 }),
    ],
  };
  for (const [name, [code, work]] of Object.entries(refusals))
    test(`${name}: ${code}`, async () => {
      expect(await codeOf(work)).toBe(code);
    });

  test('an error of the corpus comes through, and the next training works', async () => {
    const broken = {
      *[Symbol.iterator]() {
        yield ['a'];
        throw new Error('the disk is gone');
      },
    };
    await expect(trainWord2Vec(broken, { threads: 2 })).rejects.toThrow('the disk is gone');
    expect((await trainWord2Vec([['a', 'a']], { ...small, minimumCount: 1, threads: 2 })).vectors.words).toEqual(['a']);
  });
});

describe('a run', () => {
  test('tells how far it is', async () => {
    const seen: number[] = [];
    const run = trainWord2Vec(corpus, { ...small, threads: 1 });
    for await (const progress of run) {
      seen.push(progress.done);
      expect(progress.learningRate).toBeCloseTo(0.025 - (0.025 - 2.5e-6) * progress.done, 12);
      expect(progress.wordsPerSecond).toBeGreaterThan(0);
      expect(progress.epochs).toBe(2);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    expect((await run).stopped).toBe('finished');
  });

  test('stops when its signal aborts, and keeps the vectors', async () => {
    const controller = new AbortController();
    const run = trainWord2Vec(corpus, { ...small, epochs: 50, threads: 2, signal: controller.signal });
    for await (const { done } of run) if (done > 0) controller.abort();
    const model = await run;
    expect(model.stopped).toBe('aborted');
    expect(model.report.epochs).toBeLessThan(50);
    expect(model.vectors.words.length).toBeGreaterThan(100);
  });

  test('that is stopped while it counts says that there are no vectors', async () => {
    await expect(trainWord2Vec(corpus, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'TRAINING_STOPPED_EARLY',
    });
  });

  test('lets others have the thread', async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    await trainWord2Vec(corpus, { ...small, size: 64, epochs: 20, threads: 1 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
  });
});
