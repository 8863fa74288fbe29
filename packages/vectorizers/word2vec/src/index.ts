// The public face of @unrolled/vectorizer-word2vec.
export type { Checkpoint } from './checkpoint.ts';
export type { Corpus, Sentence, TextTokenizer } from './corpus/corpus.ts';
export type { CorpusFacts } from './corpus/count.ts';
export type { Stopped, Word2VecModel, Word2VecReport } from './model.ts';
export type { Word2VecOptions } from './options.ts';
export { learnPhrases, type PhraseOptions, type PhraseSettings, Phrases, type PhrasesData } from './phrases.ts';
export { trainWord2Vec, type Word2VecProgress, type Word2VecRun, type Word2VecSettings } from './train.ts';
export { type Word2VecVectorizer, type Word2VecVectorizerOptions, word2vec, word2vecVectorizer } from './vectorizer.ts';
