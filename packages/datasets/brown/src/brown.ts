// The Brown corpus as a data set: sentences and the part of speech of each of their words.
import {
  bindDataset,
  choice,
  collectExamples,
  corruptDataFile,
  type DataDocument,
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

/** Options of the Brown corpus. */
export interface BrownOptions {
  /** Which documents to read. */
  readonly split: 'all' | 'train' | 'test';
  /** Tags as the corpus has them, 472, or simplified to 85: see `simpleTag`. */
  readonly tags: 'full' | 'simple';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

/** A sentence whose words have a part of speech each. */
export interface BrownExample extends Example {
  /** The words, a space between each two. */
  readonly text: string;
  /** Words and marks as the corpus splits them. */
  readonly tokens: readonly string[];
  /** The part of speech of each. */
  readonly labels: readonly string[];
  /** The part that its document belongs to. */
  readonly split: 'train' | 'test';
  /** Its document and its number in it: `ca01:1` is the first of genre A. */
  readonly origin: string;
}

const file: DataFile = {
  name: 'brown.txt.gz',
  package: '@unrolled/dataset-brown',
  beside: () => new URL('../data/brown.txt.gz', import.meta.url),
};

/**
 * 57,340 sentences (1,161,192 words and marks) of American English of 1961, from 500 documents of 15 genres, each word with
 * its part of speech in `labels`. Every tenth document is in the split `test`: 5,642 sentences, 115,803 words and marks.
 * Source: Francis and Kucera 1964, 1979; see `data/SOURCE.md`.
 */
export const brown: Dataset<'brown', BrownOptions> = /* @__PURE__ */ defineDataset({
  name: 'brown',
  package: '@unrolled/dataset-brown',
  licence: 'Francis and Kucera; redistribution permitted by the copyright holder: see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<BrownOptions>({
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'test'], 'Which documents to read.'),
    tags: /* @__PURE__ */ choice('full', ['full', 'simple'], 'The 472 tags of the corpus, or 85 simplified ones.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: sentences,
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function brownDataset(options: Partial<BrownOptions> = {}): AsyncIterable<Example> {
  return bindDataset(brown, options);
}

/** The sentences as an array. @throws UnrolledError `OPTION_INVALID`, `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function brownSentences(options: Partial<BrownOptions> = {}): Promise<BrownExample[]> {
  return collectExamples(sentences(parseOptions(brown.options, options, 'dataset "brown"')));
}

/** The sentences of 450 documents. @throws UnrolledError as {@link brownSentences} */
export function brownTrain(options: Partial<Omit<BrownOptions, 'split'>> = {}): Promise<BrownExample[]> {
  return brownSentences({ ...options, split: 'train' });
}

/** The sentences of every tenth document. @throws UnrolledError as {@link brownSentences} */
export function brownTest(options: Partial<Omit<BrownOptions, 'split'>> = {}): Promise<BrownExample[]> {
  return brownSentences({ ...options, split: 'test' });
}

/**
 * A tag without its additions: what stands before the first `-`, `+`, `*` or `$`, unless that is nothing. `np-tl` (in a title),
 * `np$` (possessive) and `np+bez` (joined) all become `np`; every word of another language (`fw-nn`) becomes `fw`.
 */
export function simpleTag(tag: string): string {
  return /^[^-+*$]+/.exec(tag)?.[0] ?? tag;
}

async function* sentences({ split, tags, url }: BrownOptions): AsyncIterable<BrownExample> {
  const documents = dataDocuments(await readDataText(file, url), file);
  const labels = createLabels(tags === 'simple' ? simpleTag : (tag) => tag);
  for (const [index, document] of documents.entries()) {
    const part = index % 10 === 9 ? 'test' : 'train';
    if (split === 'all' || split === part) yield* sentencesOf(document, part, labels);
  }
}

function* sentencesOf(
  { name, text, line }: DataDocument,
  split: 'train' | 'test',
  labelOf: Labels,
): Generator<BrownExample> {
  for (const [number, sentence] of text.trimEnd().split('\n').entries()) {
    const tokens: string[] = [];
    const labels: string[] = [];
    for (const word of sentence.split(' ')) {
      const slash = word.lastIndexOf('/');
      if (slash < 1 || slash === word.length - 1) throw corruptDataFile(file, line + number, 'word/tag', quoted(word));
      tokens.push(word.slice(0, slash));
      labels.push(labelOf(word.slice(slash + 1)));
    }
    yield { text: tokens.join(' '), tokens, labels, split, origin: `${name}:${number + 1}` };
  }
}

type Labels = (tag: string) => string;

/** One string for each tag, however often it comes: a million of them stay in memory. */
function createLabels(change: Labels): Labels {
  const known = new Map<string, string>();
  return (tag) => {
    const label = known.get(tag) ?? change(tag);
    known.set(tag, label);
    return label;
  };
}
