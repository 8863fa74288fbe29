// subwords is a tokenizer, whatever tokenizer.json it is given.
import { subwordCases } from '@unrolled/goldens';
import { conform, tokenizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { subwords } from '../src/index.ts';

conform(it, tokenizerConformance(subwords, { options: subwordCases().map(({ tokenizer }) => ({ tokenizer })) }));
