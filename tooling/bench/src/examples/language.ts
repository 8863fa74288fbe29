// The example language beside PyTorch.
import { comparedManyToOne } from './many-to-one.ts';

/** Its network. */
export const language = comparedManyToOne('language', 'LSTM');
