// What is wrong with a file of vectors, and where.
import { UnrolledError } from '@unrolled/core';

/** What may be wrong with a file; readers can be told to let the latter two pass. */
export type FileProblem = 'VECTOR_FILE_INVALID' | 'WORD_NOT_UTF8' | 'WORD_REPEATED';

/** An error of a file: `where` is `line 3` or `byte 1027`; `problem` goes on after a colon. */
export function fileInvalid(
  name: string,
  where: string,
  problem: string,
  mend?: string,
  code: FileProblem = 'VECTOR_FILE_INVALID',
): UnrolledError {
  return new UnrolledError(code, `${name}, ${where}: ${problem}.`, {
    ...(mend === undefined ? {} : { mend }),
    data: { name, where },
  });
}

/** What to do about a file that ends too early. */
export const COPY_AGAIN = 'Copy it again from where it was made.';

/** An error of a file that is sound, but of a kind that is not read. */
export function fileUnsupported(name: string, problem: string): UnrolledError {
  return new UnrolledError('VECTOR_FILE_UNSUPPORTED', `${name} can't be read: ${problem}.`, {
    mend: 'Have it written in another of the formats: word2vec, GloVe, fastText or safetensors.',
    data: { name },
  });
}
