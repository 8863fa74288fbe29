// What `embed train` needs of the package that trains word vectors. A program hands it in, so that this package does not bring it.
import type { TokenizerInstance } from '@unrolled/core';
import type { KeyedVectors } from '@unrolled/word-vectors';

/** The part of `@unrolled/vectorizer-word2vec` that is used; the package itself fits. */
export interface Word2Vec {
  /** Starts a training over texts that can be read again. */
  readonly trainWord2Vec: (corpus: AsyncIterable<string>, settings: Word2VecRequest) => Word2VecTraining;
}

/** What is asked of a training; what is left out is left to the package. */
export interface Word2VecRequest {
  readonly mode?: 'skip-gram' | 'cbow';
  readonly size?: number;
  readonly window?: number;
  readonly negatives?: number;
  readonly epochs?: number;
  readonly minimumCount?: number;
  readonly sample?: number;
  readonly learningRate?: number;
  readonly profile?: 'unrolled' | 'word2vec.c' | 'gensim';
  readonly parallel?: 'deterministic' | 'hogwild';
  readonly threads?: number;
  readonly seed?: number;
  readonly tokenizer: Pick<TokenizerInstance, 'tokenize'>;
  readonly heldOut?: AsyncIterable<string>;
  readonly resume?: Uint8Array;
  readonly signal: AbortSignal;
}

/** A training under way: a promise of the model, and an async iterable of progress. */
export interface Word2VecTraining extends PromiseLike<Word2VecModel>, AsyncIterable<Word2VecProgress> {}

/** What is known while it trains. */
export interface Word2VecProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Share of all epochs, 0 to 1. */
  readonly done: number;
  readonly wordsPerSecond: number;
  readonly learningRate: number;
  readonly epochEnded: boolean;
  /** Mean loss on held-out texts, where there are any. */
  readonly loss: number | undefined;
  readonly checkpoint: () => Uint8Array;
}

/** What a training gives. */
export interface Word2VecModel {
  readonly vectors: KeyedVectors;
  readonly stopped: 'finished' | 'left' | 'aborted';
  readonly report: {
    /** Occurrences of words that have a vector. */
    readonly occurrences: number;
    readonly occurrencesBelowMinimum: number;
    readonly tokensBelowMinimum: number;
    readonly unknownRate: number;
    readonly emptySentences: number;
    readonly trainedWords: number;
    readonly epochs: number;
    readonly threads: number;
    readonly seconds: number;
  };
  readonly checkpoint: () => Uint8Array;
}
