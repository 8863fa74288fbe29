// Which language is it? The texts of the translations, each alone, as a data set.
import { bindDataset, choice, type Dataset, defineDataset, defineOptions, type Example, text } from '@unrolled/core';
import { readPairs, type TranslationPair } from './pairs.ts';

/** Options of the texts in two languages. */
export interface EnglishOrPortugueseOptions {
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'dev' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

/**
 * The texts of the translations, each alone, labelled `English` or `Portuguese`: for a first model that reads characters. Both
 * texts of a pair are in one split; a text comes once, and one that is the same in both languages, whatever its case and
 * punctuation, is left out.
 */
export const englishOrPortuguese: Dataset<'english-or-portuguese', EnglishOrPortugueseOptions> =
  /* @__PURE__ */ defineDataset({
    name: 'english-or-portuguese',
    package: '@unrolled/dataset-translation-en-pt',
    licence: 'BSD-3-Clause, Apache-2.0, MIT and Unicode-3.0, by source: see data/SOURCE.md',
    options: /* @__PURE__ */ defineOptions<EnglishOrPortugueseOptions>({
      split: /* @__PURE__ */ choice('all', ['all', 'train', 'dev', 'test'], 'Which part to read.'),
      url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
    }),
    examples: async function* ({ split: wanted, url }): AsyncIterable<Example> {
      const pairs: TranslationPair[] = [];
      for await (const pair of readPairs(url)) pairs.push(pair);
      const english = new Set(pairs.map(({ en }) => wordsOf(en)));
      const both = new Set(pairs.map(({ pt }) => wordsOf(pt)).filter((words) => english.has(words)));
      const seen = new Set<string>();
      for (const { en, pt, split, origin } of pairs)
        for (const [label, text] of [
          ['English', en],
          ['Portuguese', pt],
        ] as const) {
          const words = wordsOf(text);
          if (both.has(words) || seen.has(words)) continue;
          seen.add(words);
          if (wanted === 'all' || wanted === split) yield { text, label, split, origin };
        }
    },
  });

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function englishOrPortugueseDataset(options: Partial<EnglishOrPortugueseOptions> = {}): AsyncIterable<Example> {
  return bindDataset(englishOrPortuguese, options);
}

/** A text without case and punctuation. */
function wordsOf(text: string): string {
  return (text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []).join(' ');
}
