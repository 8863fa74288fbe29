// Mistakes in how the command line was called: they leave with exit code 2.
import { UnrolledError } from '@unrolled/core';

/** An error that is the caller's line's fault. Codes: `COMMAND_UNKNOWN`, `FLAG_UNKNOWN`, `FLAG_INVALID`, `ARGUMENT_INVALID`. */
export function usageError(code: string, message: string, mend: string): UnrolledError {
  return new UnrolledError(code, message, { mend, data: { usage: true } });
}

/** Whether `error` came from {@link usageError}. */
export function isUsageError(error: UnrolledError): boolean {
  return error.data.usage === true;
}
