// The example tags beside PyTorch.
import { comparedManyToMany } from './many-to-many.ts';

/** Its network. */
export const tags = comparedManyToMany('tags', 'two-way LSTM', 'all');
