// Word vectors as gensim trains them: counting and an epoch over sentences in memory.
import { readFileSync } from 'node:fs';
import { trainWord2Vec } from '@unrolled/vectorizer-word2vec';
import type { Work } from './serve.ts';
import type { WordVectorsGiven } from './word-vectors.ts';

/** Counts and trains; size 100, window 5 and 5 negatives are everyone's defaults. */
export async function wordVectors({
  file,
  mode,
  threads,
  parallel = 'deterministic',
}: WordVectorsGiven): Promise<Work> {
  const sentences = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  return { run: () => trainWord2Vec(sentences, { mode, threads, parallel, epochs: 1 }).then(({ report }) => report) };
}
