// Counts the words of a corpus, as byte-level BPE cuts them: memory grows with different words, not with the corpus.
import { type Breathe, counted, describe, UnrolledError } from '@unrolled/core';
import { wordEnd } from '../text/byte-level-words.ts';
import { copyOf } from '../text/copy.ts';

/** Texts, one at a time. */
export type Corpus = Iterable<string> | AsyncIterable<string>;

/** How far reading has come. */
export interface ReadingProgress {
  /** What is being done. */
  readonly stage: 'reading';
  /** Texts read. */
  readonly texts: number;
  /** Different words found. */
  readonly words: number;
}

/** Longer words hold no language, and each merge would go through all of one. */
const LONGEST = 1 << 20;

/** Looks at the thread and at the caller's signal every so many words. */
const EVERY = 4096;

/**
 * How often each word comes.
 * @throws UnrolledError `CORPUS_INVALID` where something is no text, `CORPUS_EMPTY` where there are no words, `WORD_TOO_LONG`
 */
export async function countWords(
  corpus: Corpus,
  pause: (progress: ReadingProgress) => Promise<void>,
): Promise<ReadonlyMap<string, number>> {
  checkCorpus(corpus);
  const counts = new Map<string, number>();
  let texts = 0;
  let since = 0;
  for await (const text of corpus) {
    if (typeof text !== 'string') throw notText(text, texts);
    for (let start = 0; start < text.length; ) {
      const end = wordEnd(text, start);
      if (end - start > LONGEST) throw tooLong(end - start, texts);
      count(counts, text.slice(start, end));
      start = end;
      if (++since >= EVERY) {
        since = 0;
        await pause({ stage: 'reading', texts, words: counts.size });
      }
    }
    texts += 1;
    since += 1;
  }
  if (counts.size > 0) return counts;
  throw new UnrolledError(
    'CORPUS_EMPTY',
    `The corpus has ${counted(texts, 'text')} and not one word, so nothing can be learned.`,
    {
      mend: 'Give texts; a generator that was read before gives none a second time.',
    },
  );
}

function count(counts: Map<string, number>, word: string): void {
  const known = counts.get(word);
  if (known === undefined) counts.set(copyOf(word), 1);
  else counts.set(word, known + 1);
}

function checkCorpus(corpus: unknown): void {
  const iterable =
    typeof corpus === 'object' && corpus !== null && (Symbol.iterator in corpus || Symbol.asyncIterator in corpus);
  if (iterable) return;
  throw new UnrolledError(
    'CORPUS_INVALID',
    `The corpus must be an (async) iterable of texts, but ${describe(corpus)} was given.`,
    {
      mend: 'For a single text give [text].',
    },
  );
}

function notText(value: unknown, at: number): UnrolledError {
  return new UnrolledError(
    'CORPUS_INVALID',
    `Text ${at} of the corpus must be a string, but ${describe(value)} was given.`,
    {
      mend: 'Give texts alone, for examples their text.',
    },
  );
}

function tooLong(length: number, at: number): UnrolledError {
  const said = `Text ${at} of the corpus has ${length} characters without a break that would end a word; ${LONGEST} are the most.`;
  return new UnrolledError('WORD_TOO_LONG', said, { mend: 'Leave it out, or cut it into words.' });
}

/** A pause that gives the thread back when it was kept for long, and throws where the signal says so. */
export function pauseFor<P>(
  breathe: Breathe,
  signal: AbortSignal | undefined,
  tell: ((progress: P) => void) | undefined,
): (progress: P) => Promise<void> {
  return async (progress) => {
    await breathe();
    signal?.throwIfAborted();
    tell?.(progress);
  };
}
