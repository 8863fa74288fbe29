// What the parts about word vectors measure, and the sentences that they write for all who take part.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brown } from '@unrolled/dataset-brown';
import { stateOfTheUnion } from '@unrolled/dataset-state-of-the-union';
import { cache } from './cache.ts';

/** What a process is told to do. */
export interface WordVectorsGiven {
  /** A sentence each line, a space between tokens. */
  readonly file: string;
  readonly mode: 'skip-gram' | 'cbow';
  readonly threads: number;
  /** Of ours alone. */
  readonly parallel?: 'deterministic' | 'hogwild';
}

/** A training with everyone's usual number of epochs, whose vectors are written to a file. */
export interface TrainedVectorsGiven extends WordVectorsGiven {
  readonly seed: number;
  /** Where the vectors go, as word2vec's binary. */
  readonly to: string;
  /** Of gensim alone, whose CBOW begins lower than word2vec.c's and ours. */
  readonly learningRate?: number;
}

/** Sentences that word vectors are trained on. */
export interface Sentences {
  readonly file: string;
  readonly tokens: number;
}

/** Writes the Brown corpus and the State of the Union addresses as tokens, lower case, to a file. */
export async function writeSentences(): Promise<Sentences> {
  const lines: string[] = [];
  for await (const { tokens } of brown.examples(brown.options.defaults)) lines.push(tokens?.join(' ') ?? '');
  for await (const { text = '' } of stateOfTheUnion.examples(stateOfTheUnion.options.defaults))
    for (const sentence of text.split(/(?<=[.!?;])\s+|\n+/))
      lines.push((sentence.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu) ?? []).join(' '));
  const kept = lines.map((line) => line.toLowerCase()).filter((line) => line !== '');
  const file = join(cache, 'sentences.txt');
  writeFileSync(file, kept.join('\n'));
  return { file, tokens: kept.reduce((sum, line) => sum + line.split(' ').length, 0) };
}
