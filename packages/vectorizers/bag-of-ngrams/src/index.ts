// The public face of @unrolled/vectorizer-bag-of-ngrams.
export * from './bag-of-ngrams.ts';
export type { BagDocument } from './model.ts';
export type { BagOptions, BagVectorizerOptions } from './options.ts';
export type { Bags, Coverage, SparseMatrix } from './row.ts';
export type { Saved, SavedHashing, SavedVocabulary } from './saved.ts';
export {
  type BagDocuments,
  type BagResult,
  BagVectorizer,
  bagOfNgramsVectorizer,
  restoreBagOfNgrams,
  type SavedBagVectorizer,
} from './vectorizer.ts';
