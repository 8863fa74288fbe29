// Names of people and their nationality as a data set.
import {
  bindDataset,
  choice,
  collectExamples,
  corruptDataFile,
  type DataFile,
  type Dataset,
  defineDataset,
  defineOptions,
  type Example,
  quoted,
  readDataText,
  tableRows,
  text,
} from '@unrolled/core';

/** Options of the names. */
export interface NamesNationalityOptions {
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'dev' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

const file: DataFile = {
  name: 'names.tsv',
  package: '@unrolled/dataset-names-nationality',
  beside: () => new URL('../data/names.tsv', import.meta.url),
};
const splits: readonly string[] = ['train', 'dev', 'test'];

/**
 * 19,000 names of people, 1,000 of each of 19 nationalities (`label`), in their own spelling as far as it is in Latin letters.
 * Of each nationality 800 are in the split `train`, 100 in `dev` (to choose settings by), 100 in `test`. Names of a nationality
 * stand together, so shuffle before learning. Source: name2nat 0.5.1; see `data/SOURCE.md`.
 */
export const namesNationality: Dataset<'names-nationality', NamesNationalityOptions> = /* @__PURE__ */ defineDataset({
  name: 'names-nationality',
  package: '@unrolled/dataset-names-nationality',
  licence: 'Apache-2.0, name2nat; names of people in Wikipedia: see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<NamesNationalityOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'dev', 'test'], 'Which part to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* ({ split, url }): AsyncIterable<Example> {
    const table = await readDataText(file, url);
    for (const { fields, line, origin } of tableRows(table, file, ['split', 'nationality', 'name'])) {
      const [part, label, text] = fields as [string, string, string];
      if (!splits.includes(part)) throw corruptDataFile(file, line, splits.join(' or '), quoted(part));
      if (split === 'all' || split === part) yield { text, label, split: part, origin };
    }
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function namesNationalityDataset(options: Partial<NamesNationalityOptions> = {}): AsyncIterable<Example> {
  return bindDataset(namesNationality, options);
}

/** The 15,200 names to learn from. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function namesNationalityTrain(): Promise<Example[]> {
  return collectExamples(namesNationalityDataset({ split: 'train' }));
}

/** The 1,900 names to be tested on. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function namesNationalityTest(): Promise<Example[]> {
  return collectExamples(namesNationalityDataset({ split: 'test' }));
}
