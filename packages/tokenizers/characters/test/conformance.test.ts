// characters is a tokenizer.
import { conform, tokenizerConformance } from '@unrolled/plugin-kit';
import { it } from 'vitest';
import { characters } from '../src/index.ts';

conform(it, tokenizerConformance(characters));
