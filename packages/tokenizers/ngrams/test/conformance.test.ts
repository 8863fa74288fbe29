// ngrams is a tokenizer.
import { conform, tokenizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { ngrams } from '../src/index.ts';

conform(it, tokenizerConformance(ngrams));
