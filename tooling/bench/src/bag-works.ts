// Bags of n-grams as scikit-learn makes them: texts to sparse rows, fitting on the same texts or fitted before.
import { readFileSync } from 'node:fs';
import { type BagVectorizerOptions, bagOfNgramsVectorizer } from '@unrolled/vectorizer-bag-of-ngrams';
import type { BagGiven, BagKind } from './bags.ts';
import type { Work } from './serve.ts';

const options: Readonly<Record<BagKind, Partial<BagVectorizerOptions>>> = {
  count: { to: 2 },
  'tf-idf': { to: 2, weight: 'tf-idf' },
  hashing: { to: 2, features: 'hashing', norm: 'l2' },
};

/** Fits and transforms, or transforms alone, all texts of a file. */
export async function bags({ file, kind, fits, profile = 'scikit-learn' }: BagGiven): Promise<Work> {
  const texts = JSON.parse(readFileSync(file, 'utf8')) as readonly string[];
  const make = () => bagOfNgramsVectorizer({ profile, ...options[kind] });
  const fitted = make();
  const { shape, indices } = fitted.fitTransform(texts);
  const run = async () => (fits ? make().fitTransform(texts) : fitted.transform(texts));
  return { run, facts: { columns: shape[1], entries: indices.length } };
}
