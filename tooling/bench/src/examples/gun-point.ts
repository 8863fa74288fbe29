// The example gun-point beside PyTorch.
import { comparedManyToOne } from './many-to-one.ts';

/** Its network. */
export const gunPoint = comparedManyToOne('gun-point', 'two-way LSTM');
