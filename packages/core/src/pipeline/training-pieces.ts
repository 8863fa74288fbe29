// The pieces of a pipeline that only training needs.
import type { Optimizer, Trainer } from '../contracts/plugins.ts';
import { UnrolledError } from '../errors.ts';
import type { Chosen } from '../resolved.ts';

/** The pieces that only training needs. */
export interface TrainingPieces {
  /** When weights change. */
  readonly trainer: Chosen<Trainer>;
  /** How weights change. */
  readonly optimizer: Chosen<Optimizer>;
}

/** The pieces that training needs, or what a manifest says of them. @throws UnrolledError `PLUGIN_MISSING` where it names none. */
export function trainingPieces<T, O>({
  trainer,
  optimizer,
}: {
  readonly trainer?: T;
  readonly optimizer?: O;
}): {
  readonly trainer: NonNullable<T>;
  readonly optimizer: NonNullable<O>;
} {
  if (trainer && optimizer) return { trainer, optimizer };
  const missing = trainer ? 'optimizer' : 'trainer';
  const example = trainer ? '{ use: "adam" }' : '{ use: "bptt" }';
  throw new UnrolledError('PLUGIN_MISSING', `The manifest names no ${missing}, so there is no way to learn.`, {
    mend: `Add for example ${missing}: ${example}.`,
  });
}
