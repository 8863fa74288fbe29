// Options that are whole numbers.
import { UnrolledError } from '@unrolled/core';

/** @throws UnrolledError `OPTION_INVALID` */
export function checkWhole(name: string, value: number, minimum = 1): void {
  if (Number.isSafeInteger(value) && value >= minimum) return;
  throw new UnrolledError(
    'OPTION_INVALID',
    `Option "${name}" must be a whole number of at least ${minimum}, but ${value} was given.`,
    { mend: 'Correct it, or leave it out for the default.' },
  );
}
