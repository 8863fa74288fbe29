// embedding is a vectorizer.
import { conform, vectorizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { embedding } from '../src/index.ts';

conform(it, vectorizerConformance(embedding, { options: [{ maximumLength: 3 }] }));
