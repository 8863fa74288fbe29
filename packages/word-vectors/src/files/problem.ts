// What is wrong with a file of vectors, and where.
import { UnrolledError } from '@unrolled/core';

/** An error of a file: `where` is `line 3` or `byte 1027`; `problem` goes on after a colon. */
export function fileInvalid(name: string, where: string, problem: string, mend?: string): UnrolledError {
  return new UnrolledError('VECTOR_FILE_INVALID', `${name}, ${where}: ${problem}.`, {
    ...(mend === undefined ? {} : { mend }),
    data: { name, where },
  });
}

/** What to do about a file that ends too early. */
export const COPY_AGAIN = 'Copy it again from where it was made.';

/** An error of a file that is sound, but of a kind that is not read. */
export function fileUnsupported(name: string, problem: string): UnrolledError {
  return new UnrolledError('VECTOR_FILE_UNSUPPORTED', `${name} can't be read: ${problem}.`, { data: { name } });
}
