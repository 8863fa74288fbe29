// Sentences from movie reviews, positive or negative, as a data set.
import {
  bindDataset,
  choice,
  collectExamples,
  type Dataset,
  defineDataset,
  defineOptions,
  type Example,
  readDataText,
  text,
} from '@unrolled/core';
import { parseRows, reviewsFile } from './parse.ts';

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
    for (const example of parseRows(await readDataText(reviewsFile, url)))
      if (split === 'all' || split === example.split) yield example;
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function movieReviewsDataset(options: Partial<MovieReviewsOptions> = {}): AsyncIterable<Example> {
  return bindDataset(movieReviews, options);
}

/** The 8,467 training examples as an array. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function movieReviewsTrain(): Promise<Example[]> {
  return collectExamples(movieReviewsDataset({ split: 'train' }));
}

/** The 2,061 held-out examples as an array. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function movieReviewsHeldout(): Promise<Example[]> {
  return collectExamples(movieReviewsDataset({ split: 'heldout' }));
}
