// The example names beside PyTorch.
import { comparedManyToOne } from './many-to-one.ts';

/** Its network. */
export const names = comparedManyToOne('names', 'two-way LSTM');
