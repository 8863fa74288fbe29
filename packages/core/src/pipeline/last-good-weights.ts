// The last weights that are known to be good, to go back to when a loss is not a number any more.
import type { Executable, Tensors } from '../contracts/executable.ts';

interface Kept {
  readonly parameters: Tensors;
  readonly updates: number;
}

/** Keeps weights, and brings them back. */
export interface LastGoodWeights {
  /** Keeps these weights; they count as good once a loss was finite with them. */
  readonly keep: (parameters: Tensors, updates: number) => void;
  /** A loss was finite. */
  readonly confirm: () => void;
  /** Writes the last good weights to the executable. @returns the update they come from. */
  readonly restore: (executable: Executable) => Promise<number>;
}

/** Begins with the weights that training begins with: there is nothing better to go back to. */
export function createLastGoodWeights(parameters: Tensors, updates: number): LastGoodWeights {
  let good: Kept = { parameters, updates };
  let unsure: Kept | undefined;
  return {
    keep: (next, at) => {
      unsure = { parameters: next, updates: at };
    },
    confirm: () => {
      good = unsure ?? good;
      unsure = undefined;
    },
    restore: async (executable) => {
      await executable.write({ parameters: good.parameters });
      return good.updates;
    },
  };
}
