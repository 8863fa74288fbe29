// words is a tokenizer.
import { conform, tokenizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { words } from '../src/index.ts';

conform(it, tokenizerConformance(words));
