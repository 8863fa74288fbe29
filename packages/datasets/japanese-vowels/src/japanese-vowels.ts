// Utterances of two Japanese vowels by nine speakers as a data set.
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
  readSteps,
  tableRows,
  text,
} from '@unrolled/core';

/** Options of the Japanese vowels. */
export interface JapaneseVowelsOptions {
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

const file: DataFile = {
  name: 'japanese-vowels.tsv.gz',
  package: '@unrolled/dataset-japanese-vowels',
  beside: () => new URL('../data/japanese-vowels.tsv.gz', import.meta.url),
};

/**
 * 640 utterances of the vowels /ae/ by nine speakers (`label`: `1` to `9`), `values` `[7 to 29 steps, 12]`: coefficients of linear
 * prediction, a step every 6.4 ms. Sequences of different lengths, for padding and masks. 270 are in the split `train`, 30 of
 * each speaker, 370 in `test`, 24 to 88 of each. Source: Kudo, Toyama and Shimbo 1999; see `data/SOURCE.md`.
 */
export const japaneseVowels: Dataset<'japanese-vowels', JapaneseVowelsOptions> = /* @__PURE__ */ defineDataset({
  name: 'japanese-vowels',
  package: '@unrolled/dataset-japanese-vowels',
  licence: 'Kudo, Toyama and Shimbo (UCI), as passed on by aeon (BSD-3-Clause): see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<JapaneseVowelsOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'test'], 'Which part to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* ({ split, url }): AsyncIterable<Example> {
    const table = await readDataText(file, url);
    for (const { fields, line, origin } of tableRows(table, file, ['split', 'label', 'steps'])) {
      const [part, label, steps] = fields as [string, string, string];
      const values = readSteps(steps, 12);
      if (!values || (part !== 'train' && part !== 'test'))
        throw corruptDataFile(
          file,
          line,
          'train or test, a speaker, and steps of 12 numbers',
          quoted(fields.join('\t')),
        );
      if (split === 'all' || split === part) yield { values, label, split: part, origin };
    }
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function japaneseVowelsDataset(options: Partial<JapaneseVowelsOptions> = {}): AsyncIterable<Example> {
  return bindDataset(japaneseVowels, options);
}

/** The 270 utterances to learn from. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function japaneseVowelsTrain(): Promise<Example[]> {
  return collectExamples(japaneseVowelsDataset({ split: 'train' }));
}

/** The 370 utterances to be tested on. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export function japaneseVowelsTest(): Promise<Example[]> {
  return collectExamples(japaneseVowelsDataset({ split: 'test' }));
}
