// Corpora: sentences that can be read again and again, as tokens or as texts with a tokenizer.
import { describe, type TokenizerInstance, UnrolledError } from '@unrolled/core';

/** A sentence: its tokens, or a text where there is a tokenizer. A token may hold anything, spaces too. */
export type Sentence = string | readonly string[];

/** Sentences that come anew each time they are asked for: an array, or an object whose iterator begins at the start. */
export type Corpus = Iterable<Sentence> | AsyncIterable<Sentence>;

/** How a text becomes tokens. */
export type TextTokenizer = Pick<TokenizerInstance, 'tokenize'>;

/** @throws UnrolledError `CORPUS_INVALID` */
export function checkIterable(corpus: unknown): void {
  const given = corpus as Partial<Iterable<Sentence> & AsyncIterable<Sentence>>;
  if (typeof corpus === 'object' && corpus !== null && (given[Symbol.iterator] || given[Symbol.asyncIterator])) return;
  throw new UnrolledError(
    'CORPUS_INVALID',
    `A corpus must be an iterable of sentences, but ${describe(corpus)} was given.`,
    { mend: "Give an array of sentences, each an array of tokens: [['a', 'good', 'film'], …]." },
  );
}

/** @throws UnrolledError `CORPUS_INVALID`; `CORPUS_READ_ONCE` for what can be read once, such as a generator. */
export function checkCorpus(corpus: unknown): void {
  checkIterable(corpus);
  if (typeof (corpus as Partial<Iterator<Sentence>>).next === 'function')
    throw readOnce('it is an iterator, such as a generator gives');
}

/** What says that a corpus cannot be read a second time. */
export function readOnce(because: string): UnrolledError {
  return new UnrolledError(
    'CORPUS_READ_ONCE',
    `The corpus can be read only once: ${because}. Words are counted in one pass and trained in others.`,
    {
      mend: 'Give an array, or an object that begins anew: { [Symbol.iterator]: () => sentences() } for a generator function sentences.',
    },
  );
}

/** Calls `each` for every sentence's tokens, waits where it gives a promise, and ends early once `stopped`. */
export async function eachSentence(
  corpus: Corpus,
  tokenizer: TextTokenizer | undefined,
  each: (tokens: readonly string[]) => Promise<void> | undefined,
  stopped: () => boolean,
): Promise<void> {
  let index = 0;
  const take = (sentence: Sentence): Promise<void> | undefined => each(tokensOf(sentence, tokenizer, index++));
  if (Symbol.asyncIterator in corpus) {
    for await (const sentence of corpus) {
      await take(sentence);
      if (stopped()) return;
    }
    return;
  }
  for (const sentence of corpus) {
    const pause = take(sentence);
    if (pause) await pause;
    if (stopped()) return;
  }
}

/** @throws UnrolledError `SENTENCE_INVALID` */
export function tokensOf(sentence: unknown, tokenizer: TextTokenizer | undefined, index: number): readonly string[] {
  if (typeof sentence === 'string') {
    if (tokenizer) return tokenizer.tokenize(sentence).map(({ text }) => text);
    throw invalid(index, describe(sentence), 'Give its tokens as an array, or a tokenizer for texts.');
  }
  if (!Array.isArray(sentence)) throw invalid(index, describe(sentence), 'Give its tokens as an array.');
  for (const token of sentence)
    if (typeof token !== 'string')
      throw invalid(index, `one with the token ${describe(token)}`, 'Give every token as a text.');
  return sentence;
}

function invalid(index: number, given: string, mend: string): UnrolledError {
  return new UnrolledError(
    'SENTENCE_INVALID',
    `Sentence ${index} must be an array of tokens, but ${given} was given.`,
    {
      mend,
      data: { index },
    },
  );
}
