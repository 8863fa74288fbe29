// A sentence of the visitor's own: its label, and how many of its words the network has seen.
import { isUnrolledError, type Pipeline, UNKNOWN, UnrolledError } from '@unrolled/core';
import type { Label } from './pipeline.ts';

/** What a network makes of a sentence. */
export interface Classification {
  readonly label: Label;
  readonly probability: number;
  readonly words: number;
  /** Those of them that stood in the reviews at least twice. */
  readonly known: number;
}

/** @throws UnrolledError `SENTENCE_EMPTY`, `WORDS_UNKNOWN`, `NOT_BEGUN` where nothing has been learned yet */
export async function classify(pipeline: Pipeline<Label>, sentence: string): Promise<Classification> {
  if (sentence.trim() === '')
    throw new UnrolledError('SENTENCE_EMPTY', 'There is no sentence yet.', {
      mend: 'Type one, for example: A warm and witty film.',
    });
  const ids = await wordsOf(pipeline, sentence);
  const known = ids.filter((id) => id !== UNKNOWN).length;
  if (known === 0) throw unknownWords(ids.length);
  const { label, probability } = await pipeline.predict(sentence);
  return { label, probability, words: ids.length, known };
}

/** What is said of a sentence, or a network to look into, before there is one. */
export function notBegun(cause?: unknown): UnrolledError {
  return new UnrolledError('NOT_BEGUN', 'The network has not learned anything yet.', {
    mend: 'Press Start, and ask again after the first step.',
    cause,
  });
}

async function wordsOf(pipeline: Pipeline<Label>, sentence: string): Promise<number[]> {
  try {
    const { batch } = await pipeline.anatomy();
    const { inputs, lengths } = await batch(sentence);
    return Array.from(inputs.x as ArrayLike<number>).slice(0, lengths[0]);
  } catch (error) {
    throw isUnrolledError(error, 'NOT_FITTED') ? notBegun(error) : error;
  }
}

function unknownWords(words: number): UnrolledError {
  const what = words === 0 ? 'There is no word in this sentence' : 'The reviews have none of these words twice';
  return new UnrolledError('WORDS_UNKNOWN', `${what}, so the network could only guess.`, {
    mend: 'Try English words of films, such as: funny, dull, moving.',
  });
}
