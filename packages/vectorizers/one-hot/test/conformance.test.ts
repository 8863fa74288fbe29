// oneHot is a vectorizer.
import { conform, vectorizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { oneHot } from '../src/index.ts';

conform(it, vectorizerConformance(oneHot, { options: [{ maximumLength: 3 }] }));
