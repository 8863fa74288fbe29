// bag-of-ngrams is a vectorizer.
import { conform, vectorizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { bagOfNgrams } from '../src/index.ts';

const options = [
  { to: 3 },
  { from: 2, to: 2, weight: 'tf-idf' },
  { features: 'hashing', columns: 7, weight: 'tf-idf', sublinear: true },
  { features: 'hashing', columns: 64, rememberedNames: 5 },
  { minimumDocuments: 2 },
  { maximumSize: 3, stopWords: ['the'] },
] as const;

conform(it, vectorizerConformance(bagOfNgrams, { options }));
