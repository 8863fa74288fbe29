// Reads the rows of mr_same_formatting.tsv.
import { corruptDataFile, type DataFile, type Example, quoted, tableRows } from '@unrolled/core';

/** The file of the sentences. */
export const reviewsFile: DataFile = {
  name: 'mr_same_formatting.tsv',
  package: '@unrolled/dataset-movie-reviews',
  beside: () => new URL('../data/mr_same_formatting.tsv', import.meta.url),
};

const columns = ['vader_id', 'split', 'label', 'rating', 'text'];
const labels: ReadonlyMap<string, string> = new Map([
  ['0', 'negative'],
  ['1', 'positive'],
]);
const splits: ReadonlySet<string> = new Set(['train', 'heldout']);

/**
 * The examples of the file's text, in its order.
 * @throws UnrolledError `DATASET_CORRUPT`, with the line at fault
 */
export function* parseRows(text: string): Generator<Example> {
  for (const { fields, line, origin } of tableRows(text, reviewsFile, columns)) {
    const [, split = '', value = '', , text = ''] = fields;
    const label = labels.get(value);
    if (!splits.has(split) || label === undefined)
      throw corruptDataFile(reviewsFile, line, 'train or heldout, 0 or 1', quoted(fields.join('\t')));
    yield { text, label, split, origin };
  }
}
