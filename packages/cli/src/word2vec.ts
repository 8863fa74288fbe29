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
  /** Whether a word predicts its neighbours, or they it. */
  readonly mode?: 'skip-gram' | 'cbow';
  /** Numbers in a vector. */
  readonly size?: number;
  /** Words to each side that are neighbours, at most. */
  readonly window?: number;
  /** Draws of noise for each word that is predicted. */
  readonly negatives?: number;
  /** Passes over the texts. */
  readonly epochs?: number;
  /** Words seen less often are left out. */
  readonly minimumCount?: number;
  /** Share of the corpus beyond which a word loses occurrences; 0 for none. */
  readonly sample?: number;
  /** First learning rate. */
  readonly learningRate?: number;
  /** Whose habits are followed. */
  readonly profile?: 'unrolled' | 'word2vec.c' | 'gensim';
  /** Whether threads may change the weights in any order. */
  readonly parallel?: 'deterministic' | 'hogwild';
  /** Threads. */
  readonly threads?: number;
  /** Seed of every random draw. */
  readonly seed?: number;
  /** How texts become words. */
  readonly tokenizer: Pick<TokenizerInstance, 'tokenize'>;
  /** Texts whose loss is computed after each epoch. */
  readonly heldOut?: AsyncIterable<string>;
  /** The checkpoint to go on from. */
  readonly resume?: Uint8Array;
  /** Stops it after the step under way. */
  readonly signal: AbortSignal;
}

/** A training under way: a promise of the model, and an async iterable of progress. */
export interface Word2VecTraining extends PromiseLike<Word2VecModel>, AsyncIterable<Word2VecProgress> {}

/** What is known while it trains. */
export interface Word2VecProgress {
  /** The epoch under way, from 1. */
  readonly epoch: number;
  /** Planned. */
  readonly epochs: number;
  /** Share of all epochs that is done, 0 to 1. */
  readonly done: number;
  /** Tokens a second. */
  readonly wordsPerSecond: number;
  /** Learning rate now. */
  readonly learningRate: number;
  /** Whether an epoch has just ended. */
  readonly epochEnded: boolean;
  /** Mean loss on held-out texts, in nats, where there are any. */
  readonly loss: number | undefined;
  /** A checkpoint of this moment. */
  readonly checkpoint: () => Uint8Array;
}

/** What a training gives. */
export interface Word2VecModel {
  /** A vector for each word. */
  readonly vectors: KeyedVectors;
  /** Why it ended. */
  readonly stopped: 'finished' | 'left' | 'aborted';
  /** What became of the texts. */
  readonly report: Word2VecReport;
  /** All that is needed to go on. */
  readonly checkpoint: () => Uint8Array;
}

/** What became of the texts. */
export interface Word2VecReport {
  /** Occurrences of words that have a vector. */
  readonly occurrences: number;
  /** Different words below the minimum count. */
  readonly tokensBelowMinimum: number;
  /** Their occurrences. */
  readonly occurrencesBelowMinimum: number;
  /** Share of all tokens that have no vector. */
  readonly unknownRate: number;
  /** Texts without a word. */
  readonly emptySentences: number;
  /** Words that were taken in, of all epochs. */
  readonly trainedWords: number;
  /** Whole epochs. */
  readonly epochs: number;
  /** Threads that trained. */
  readonly threads: number;
  /** Seconds that it took. */
  readonly seconds: number;
}
