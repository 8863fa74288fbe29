// The example video beside PyTorch.
import { comparedManyToMany } from './many-to-many.ts';

/** Its network with memory. */
export const video = comparedManyToMany('video', 'LSTM', 'both');
