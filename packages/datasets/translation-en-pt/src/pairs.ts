// Reads the pairs of translation-en-pt.tsv.
import { corruptDataFile, type DataFile, quoted, readDataText, tableRows } from '@unrolled/core';

/** A text in both languages. */
export interface TranslationPair {
  /** English. */
  readonly en: string;
  /** Brazilian Portuguese. */
  readonly pt: string;
  /** The part that it belongs to; no text of either language is in two parts. */
  readonly split: 'train' | 'dev' | 'test';
  /** The project that it is from: `scratch`, `matrix`, `nodered`, `jupyterlab`, `emoji`, `cldr-names`. */
  readonly source: string;
  /** File and line. */
  readonly origin: string;
}

const file: DataFile = {
  name: 'translation-en-pt.tsv',
  package: '@unrolled/dataset-translation-en-pt',
  beside: () => new URL('../data/translation-en-pt.tsv', import.meta.url),
};
const splits: readonly string[] = ['train', 'dev', 'test'];

/** All pairs, in the file's order. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function* readPairs(url: string): AsyncGenerator<TranslationPair> {
  const table = await readDataText(file, url);
  for (const { fields, line, origin } of tableRows(table, file, ['split', 'en', 'pt', 'source'])) {
    const [split, en, pt, source] = fields as [TranslationPair['split'], string, string, string];
    if (!splits.includes(split)) throw corruptDataFile(file, line, splits.join(' or '), quoted(split));
    yield { en, pt, split, source, origin };
  }
}
