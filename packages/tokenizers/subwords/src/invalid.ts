// The error of a tokenizer.json that can't be read.
import { UnrolledError } from '@unrolled/core';

/** `TOKENIZER_INVALID`: what was found in which place, and how to mend it. */
export function invalid(found: string, mend: string, cause?: unknown): UnrolledError {
  return new UnrolledError('TOKENIZER_INVALID', `tokenizer.json: ${found}`, { mend, cause });
}
