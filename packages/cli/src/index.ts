// The public face of @unrolled/cli.
export type { Program } from './context.ts';
export { EXIT, type Io, processIo } from './io.ts';
export { run } from './run.ts';
export type {
  Word2Vec,
  Word2VecModel,
  Word2VecProgress,
  Word2VecReport,
  Word2VecRequest,
  Word2VecTraining,
} from './word2vec.ts';
