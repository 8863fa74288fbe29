// The example vowels beside PyTorch.
import { comparedManyToOne } from './many-to-one.ts';

/** Its network. */
export const vowels = comparedManyToOne('vowels', 'two-way LSTM');
