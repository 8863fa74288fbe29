// stems is a tokenizer.
import { conform, tokenizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { stems } from '../src/index.ts';

conform(it, tokenizerConformance(stems));
