// The first pass over a corpus: its words, how often each comes, and the sentences as numbers where they may be kept.
import {
  createBreathe,
  UnrolledError,
  type Vocabulary,
  VocabularyBuilder,
  type VocabularyReport,
} from '@unrolled/core';
import { SentenceStore } from '../sentence-store.ts';
import type { Words } from '../setup.ts';
import { type Corpus, eachSentence, type TextTokenizer } from './corpus.ts';

/** What a corpus holds. */
export interface CorpusFacts extends VocabularyReport {
  /** Sentences, empty ones too. */
  readonly sentences: number;
  /** Sentences without tokens. */
  readonly emptySentences: number;
}

/** Words of a corpus, and what the limits cost. */
export interface CountedWords {
  readonly words: Words;
  readonly facts: CorpusFacts;
  /** The sentences; not whole where there were more than may be kept. */
  readonly store: SentenceStore;
}

/** Limits of the words. */
export interface WordLimits {
  readonly minimumCount: number;
  readonly maximumWords: number;
}

/** How a corpus is counted. */
export interface Counting {
  readonly corpus: Corpus;
  readonly tokenizer: TextTokenizer | undefined;
  readonly limits: WordLimits;
  /** Tokens and ends of sentences that may be kept as numbers. */
  readonly kept: number;
}

/**
 * Counts a corpus. Undefined where it was stopped.
 * @throws UnrolledError `CORPUS_EMPTY`, `VOCABULARY_EMPTY`, `VOCABULARY_FULL`, `SENTENCE_INVALID`
 */
export async function countWords(
  { corpus, tokenizer, limits, kept }: Counting,
  stopped: () => boolean,
): Promise<CountedWords | undefined> {
  const store = new SentenceStore(kept);
  const breathe = createBreathe();
  let sentences = 0;
  let emptySentences = 0;
  const count = (tokens: readonly string[]): Promise<void> | undefined => {
    sentences += 1;
    if (tokens.length === 0) emptySentences += 1;
    store.add(tokens);
    return breathe();
  };
  await eachSentence(corpus, tokenizer, count, stopped);
  if (stopped()) return undefined;
  return { ...wordsOf(store, limits, { sentences, emptySentences }), store };
}

/** The words of what was counted. @throws UnrolledError `CORPUS_EMPTY`, `VOCABULARY_EMPTY` */
function wordsOf(
  { tokens, counts }: SentenceStore,
  { minimumCount, maximumWords }: WordLimits,
  read: { readonly sentences: number; readonly emptySentences: number },
): Omit<CountedWords, 'store'> {
  const builder = VocabularyBuilder.fromJSON({
    ...{ tokens, counts, missed: counts.map(() => 0), maximumTracked: 0 },
    forgotten: { tokens: 0, occurrences: 0, atMost: 0 },
  });
  const vocabulary = builder.build({ minimumCount, ...(maximumWords > 0 && { maximumSize: maximumWords }) });
  checkWords(vocabulary, minimumCount, read.sentences);
  return {
    words: { tokens: vocabulary.tokens, counts: vocabulary.counts },
    facts: { ...vocabulary.report(), ...read },
  };
}

function checkWords(vocabulary: Vocabulary, minimumCount: number, sentences: number): void {
  if (vocabulary.tokens.length > 0) return;
  const { tokensBelowMinimum } = vocabulary.report();
  if (tokensBelowMinimum === 0)
    throw new UnrolledError('CORPUS_EMPTY', `The corpus has no tokens in its ${sentences} sentences.`, {
      mend: 'Give sentences with tokens.',
    });
  throw new UnrolledError(
    'VOCABULARY_EMPTY',
    `None of the ${tokensBelowMinimum} different tokens of the corpus comes ${minimumCount} times.`,
    { mend: 'Give a smaller minimumCount, or a larger corpus.' },
  );
}
