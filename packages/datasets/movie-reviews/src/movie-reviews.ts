// Sentences from movie reviews, positive or negative, as a data set.
import { choice, type Dataset, defineDataset, defineOptions, type Example, parseOptions, text } from '@unrolled/core';
import { loadText } from './load.ts';
import { parseRows } from './parse.ts';

/** Options of the movie reviews. */
export interface MovieReviewsOptions {
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'heldout';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

/**
 * 10,528 sentences from movie reviews, labelled `negative` or `positive`, in the file's order (labels stand together, so
 * shuffle before learning). 8,467 are in the split `train` and 2,061 in `heldout`. Source: Pang and Lee 2005; how the
 * held-out labels were inferred, and on what terms the texts are passed on, is told in `data/SOURCE.md`.
 */
export const movieReviews: Dataset<'movie-reviews', MovieReviewsOptions> = /* @__PURE__ */ defineDataset({
  name: 'movie-reviews',
  package: '@unrolled/dataset-movie-reviews',
  licence: "Critics' texts collected by Pang and Lee (ACL 2005), outside the MIT grant: see data/SOURCE.md",
  options: /* @__PURE__ */ defineOptions<MovieReviewsOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'heldout'], 'Which part to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* ({ split, url }): AsyncIterable<Example> {
    for (const example of parseRows(await loadText(url))) if (split === 'all' || split === example.split) yield example;
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function movieReviewsDataset(options: Partial<MovieReviewsOptions> = {}): AsyncIterable<Example> {
  const bound = parseOptions(movieReviews.options, options, 'dataset "movie-reviews"');
  return { [Symbol.asyncIterator]: () => movieReviews.examples(bound)[Symbol.asyncIterator]() };
}

/** The 8,467 training examples as an array. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function movieReviewsTrain(): Promise<Example[]> {
  return collected(movieReviewsDataset({ split: 'train' }));
}

/** The 2,061 held-out examples as an array. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function movieReviewsHeldout(): Promise<Example[]> {
  return collected(movieReviewsDataset({ split: 'heldout' }));
}

async function collected(examples: AsyncIterable<Example>): Promise<Example[]> {
  const all: Example[] = [];
  for await (const example of examples) all.push(example);
  return all;
}
