// What goes wrong with threads.
import { UnrolledError } from '@unrolled/core';

/** Stable codes of what goes wrong with threads. */
export type ThreadCode =
  | 'EXPORT_MISSING'
  | 'MEMORY_NOT_SHARED'
  | 'POOL_BROKEN'
  | 'POOL_CLOSED'
  | 'PROGRAM_UNLOADED'
  | 'THREAD_FAILED'
  | 'THREADS_INVALID'
  | 'TOO_MANY_NUMBERS';

/** The error: what was given, how to mend it, and the error underneath. */
export function threadError(code: ThreadCode, message: string, mend: string, cause?: unknown): UnrolledError {
  return new UnrolledError(code, message, { mend, ...(cause !== undefined && { cause }) });
}

/** A thread failed; its pool is of no use any more. */
export function threadFailed(message: string, cause?: unknown): UnrolledError {
  return threadError(
    'THREAD_FAILED',
    message,
    'Its pool is closed: open another, and go on from what was saved.',
    cause,
  );
}
