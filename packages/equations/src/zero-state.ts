// The state that sequences begin with.
import { type State, type StateInfo, UnrolledError, type Values } from '@unrolled/core';
import { sizeOf } from './ir.ts';

/**
 * Zeros for `batch` sequences: `[batch, …]` by state name.
 * @param numbers - makes an array of zeros in the backend's precision.
 * @throws UnrolledError `STATE_INVALID` where `batch` is no number of sequences
 */
export function zeroState(infos: readonly StateInfo[], batch: number, numbers: (length: number) => Values): State {
  if (!(Number.isInteger(batch) && batch >= 0))
    throw new UnrolledError('STATE_INVALID', `There is no state for ${batch} sequences.`, {
      mend: 'Give a whole number from 0.',
    });
  return Object.fromEntries(
    infos.map(({ name, shape }) => [name, { shape: [batch, ...shape], data: numbers(batch * sizeOf(shape)) }]),
  );
}
