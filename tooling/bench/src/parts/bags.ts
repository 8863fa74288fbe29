// Bags of words and pairs of words: texts to sparse rows, beside scikit-learn's vectorizers.
import { type BagGiven, type BagKind, type Corpus, writeCorpora } from '../bags.ts';
import { comparedTable } from './compared.ts';
import { compete, type Entry, type Part, type Result } from './part.ts';

const kinds: Readonly<Record<BagKind, string>> = {
  count: 'CountVectorizer',
  'tf-idf': 'TfidfVectorizer',
  hashing: 'HashingVectorizer',
};

/** Each corpus, each kind of bag, with and without fitting. */
export const bags: Part = async (settings, show) => {
  const all: { readonly corpus: Corpus; readonly given: BagGiven; readonly results: readonly Result[] }[] = [];
  for (const corpus of await writeCorpora())
    for (const [kind, theirs] of Object.entries(kinds) as [BagKind, string][])
      for (const fits of [true, false]) {
        const given: BagGiven = { file: corpus.file, kind, fits };
        const results = await compete(entriesOf(given, theirs), settings);
        const { texts, megabytes, name } = corpus;
        const what = fits ? 'fit and transform' : 'transform';
        const title = `Bags, ${kind}, ${what}: ${texts} texts of ${name}, ${megabytes.toFixed(2)} MB`;
        const perSecond = { name: 'MB/s', of: (median: number) => (1000 * megabytes) / median };
        show(comparedTable(title, results, { further: [perSecond] }));
        all.push({ corpus, given, results });
      }
  return all;
};

function entriesOf(given: BagGiven, theirs: string): readonly Entry[] {
  return [
    { name: 'Unrolled, as scikit-learn', work: 'bags', given },
    { name: 'Unrolled', work: 'bags', given: { ...given, profile: 'unrolled' } },
    { name: `scikit-learn, ${theirs}`, peer: 'scikit-learn', work: 'bags', given },
  ];
}
