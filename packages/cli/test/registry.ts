// A registry of real plug-ins for the tests, and the manifest that flags start from in them.
import { additive } from '@unrolled/attention';
import { reference } from '@unrolled/backend-reference';
import { wasm } from '@unrolled/backend-wasm';
import { lstm } from '@unrolled/cell-lstm';
import { vanilla } from '@unrolled/cell-vanilla';
import { createRegistry } from '@unrolled/core';
import { binaryCrossEntropy, categoricalCrossEntropy, squaredError } from '@unrolled/losses';
import { adam, sgd } from '@unrolled/optimizers';
import { encoderDecoder } from '@unrolled/task-encoder-decoder';
import { languageModel } from '@unrolled/task-language-model';
import { linear } from '@unrolled/task-linear';
import { manyToMany } from '@unrolled/task-many-to-many';
import { manyToOne } from '@unrolled/task-many-to-one';
import { regression } from '@unrolled/task-regression';
import { characters } from '@unrolled/tokenizer-characters';
import { ngrams } from '@unrolled/tokenizer-ngrams';
import { words } from '@unrolled/tokenizer-words';
import { bptt } from '@unrolled/trainer-bptt';
import { truncatedBptt } from '@unrolled/trainer-truncated-bptt';
import { bagOfNgrams } from '@unrolled/vectorizer-bag-of-ngrams';
import { embedding } from '@unrolled/vectorizer-embedding';
import { numeric } from '@unrolled/vectorizer-numeric';
import { oneHot } from '@unrolled/vectorizer-one-hot';
import type { Program } from '../src/context.ts';

export const registry = createRegistry([
  words,
  characters,
  ngrams,
  embedding,
  oneHot,
  bagOfNgrams,
  numeric,
  lstm,
  vanilla,
  additive,
  manyToOne,
  manyToMany,
  languageModel,
  encoderDecoder,
  linear,
  regression,
  categoricalCrossEntropy,
  squaredError,
  binaryCrossEntropy,
  adam,
  sgd,
  bptt,
  truncatedBptt,
  reference,
  wasm,
]);

/** Small, so that a test takes a moment. */
export const program: Program = {
  name: 'unrolled',
  version: '1.2.3',
  word2vec: () => import('@unrolled/vectorizer-word2vec'),
  manifest: registry.manifest({
    input: { tokenizer: { use: 'words' }, vectorizer: { use: 'embedding', with: { size: 8, minimumCount: 1 } } },
    layers: [{ use: 'lstm', with: { units: 6 }, dropout: { input: 0.2 } }],
    task: { use: 'many-to-one', with: { pool: 'max' } },
    optimizer: { use: 'adam', with: { learningRate: 0.02 }, clip: { norm: 1 } },
    trainer: { use: 'bptt' },
    backend: { use: 'reference' },
  }),
};
