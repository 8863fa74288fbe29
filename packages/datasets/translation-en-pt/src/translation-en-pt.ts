// Short texts in English and Portuguese as a data set for translation.
import {
  bindDataset,
  choice,
  type Dataset,
  defineDataset,
  defineOptions,
  type Example,
  parseOptions,
  text,
} from '@unrolled/core';
import { readPairs, type TranslationPair } from './pairs.ts';

/** Options of the translations. */
export interface TranslationEnPtOptions {
  /** The language to translate from; into the other. */
  readonly from: 'en' | 'pt';
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'dev' | 'test';
  /** Where the data file lies, if not beside the package's code; relative to the page in a browser. */
  readonly url: string;
}

/**
 * 8,753 short texts, most from user interfaces, as `text` in one language and `target` in the other: English and Brazilian
 * Portuguese. 6,975 pairs are in the split `train`, 889 in `dev` (to choose settings by), 889 in `test`; no text, of either language, is in
 * two of them, whatever its case and punctuation. Sources and licences: see `data/SOURCE.md`.
 */
export const translationEnPt: Dataset<'translation-en-pt', TranslationEnPtOptions> = /* @__PURE__ */ defineDataset({
  name: 'translation-en-pt',
  package: '@unrolled/dataset-translation-en-pt',
  licence: 'BSD-3-Clause, Apache-2.0, MIT and Unicode-3.0, by source: see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<TranslationEnPtOptions>({
    from: /* @__PURE__ */ choice('en', ['en', 'pt'], 'The language to translate from; into the other.'),
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'dev', 'test'], 'Which part to read.'),
    url: /* @__PURE__ */ text('', "Where the data file lies, if not beside the package's code."),
  }),
  examples: async function* ({ from, split: wanted, url }): AsyncIterable<Example> {
    for await (const { en, pt, split, origin } of readPairs(url)) {
      if (wanted !== 'all' && wanted !== split) continue;
      yield from === 'en' ? { text: en, target: pt, split, origin } : { text: pt, target: en, split, origin };
    }
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function translationEnPtDataset(options: Partial<TranslationEnPtOptions> = {}): AsyncIterable<Example> {
  return bindDataset(translationEnPt, options);
}

/** The pairs as an array. @throws UnrolledError `OPTION_INVALID`, `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function translationEnPtPairs(
  options: Partial<Omit<TranslationEnPtOptions, 'from'>> = {},
): Promise<TranslationPair[]> {
  const { split, url } = parseOptions(translationEnPt.options, options, 'dataset "translation-en-pt"');
  const pairs: TranslationPair[] = [];
  for await (const pair of readPairs(url)) if (split === 'all' || split === pair.split) pairs.push(pair);
  return pairs;
}
