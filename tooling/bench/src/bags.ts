// What the part `bags` measures, and the texts that it writes for all who take part.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '@unrolled/core';
import { movieReviews } from '@unrolled/dataset-movie-reviews';
import { stateOfTheUnion } from '@unrolled/dataset-state-of-the-union';
import { cache } from './cache.ts';

/** What a bag holds. */
export type BagKind = 'count' | 'tf-idf' | 'hashing';

/** What a process is told to do. */
export interface BagGiven {
  /** A JSON list of texts. */
  readonly file: string;
  readonly kind: BagKind;
  /** Whether each call fits on the texts too. */
  readonly fits: boolean;
  /** Our own way of splitting texts; scikit-learn's where left out. */
  readonly profile?: 'unrolled' | 'scikit-learn';
}

/** Texts that bags are made of. */
export interface Corpus {
  readonly name: string;
  readonly file: string;
  readonly texts: number;
  /** In UTF-8, in millions of bytes. */
  readonly megabytes: number;
}

const datasets: readonly Dataset[] = [movieReviews, stateOfTheUnion];

/** Writes the corpora to files. */
export function writeCorpora(): Promise<readonly Corpus[]> {
  return Promise.all(
    datasets.map(async (dataset) => {
      const texts: string[] = [];
      for await (const { text = '' } of dataset.examples(dataset.options.defaults)) texts.push(text);
      const file = join(cache, `texts-${dataset.name}.json`);
      writeFileSync(file, JSON.stringify(texts));
      const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      return { name: dataset.name, file, texts: texts.length, megabytes: bytes / 1e6 };
    }),
  );
}
