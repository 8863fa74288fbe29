// word2vec is a vectorizer.
import { conform, vectorizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { word2vec } from '../src/index.ts';

conform(
  it,
  vectorizerConformance(word2vec, {
    options: [
      { minimumCount: 1, size: 6, maximumLength: 3 },
      { minimumCount: 1, maximumNgram: 4 },
    ],
  }),
);
