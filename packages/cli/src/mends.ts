// What to do about an error of the library for somebody who typed a command: its own advice names settings, here they are flags.
import type { UnrolledError } from '@unrolled/core';

const MENDS: Readonly<Record<string, string>> = {
  EXAMPLE_EMPTY: 'Fill it in, or leave such texts out with --skip-empty.',
  TRAINING_DIVERGED: 'Lower --learning-rate, or bound the gradient of a network, for example with --clip-norm 1.',
  VOCABULARY_EMPTY: 'Lower --minimum-count, of a bag --minimum-documents, or give more text.',
  CORPUS_EMPTY: 'Give files with words in them; --tokenizer says what a word is.',
  CHECKPOINT_MISMATCH: 'Give the data and flags of the first run, or add --no-resume to forget it and start afresh.',
  WORD_REPEATED: 'Add --lenient to keep the first of each word.',
  WORD_NOT_UTF8: 'Add --lenient to have U+FFFD in place of wrong bytes.',
  MEMORY_BUDGET: 'Raise --memory or lower --batch-size; train also cuts texts by --maximum-length.',
  MODEL_NOT_FOUND: 'Give the folder that train wrote, its --out.',
};

/** The mend of `error` in words of this program where it has any, else the error's own. */
export function mendOf({ code, mend }: UnrolledError): string | undefined {
  return MENDS[code] ?? mend;
}
