// The example dates beside PyTorch.
import { comparedWriter } from './encoder-decoder.ts';

/** Its network, which writes ten characters and an end. */
export const dates = comparedWriter('dates', 'encoder–decoder', 11);
