// Word vectors as gensim trains them: counting and an epoch over sentences in memory.
import { readFileSync } from 'node:fs';
import { trainWord2Vec } from '@unrolled/vectorizer-word2vec';
import { saveWordVectors } from '@unrolled/word-vectors/node';
import type { Work } from './serve.ts';
import type { TrainedVectorsGiven, WordVectorsGiven } from './word-vectors.ts';

/** Counts and trains; size 100, window 5 and 5 negatives are everyone's defaults. */
export async function wordVectors({
  file,
  mode,
  threads,
  parallel = 'deterministic',
}: WordVectorsGiven): Promise<Work> {
  const sentences = sentencesOf(file);
  return { run: () => trainWord2Vec(sentences, { mode, threads, parallel, epochs: 1 }).then(({ report }) => report) };
}

/** Trains for the usual five epochs and writes the vectors. */
export async function trainedVectors({ file, to, learningRate: _, ...options }: TrainedVectorsGiven): Promise<Work> {
  return {
    run: async () => {
      const { vectors } = await trainWord2Vec(sentencesOf(file), options);
      await saveWordVectors(to, vectors, 'word2vec-binary');
    },
  };
}

function sentencesOf(file: string): readonly (readonly string[])[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
}
