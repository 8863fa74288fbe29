// The plug-ins that the examples are made of.
import { additive, multiplicative } from '@unrolled/attention';
import { wasm } from '@unrolled/backend-wasm';
import { lstm } from '@unrolled/cell-lstm';
import { vanilla } from '@unrolled/cell-vanilla';
import { createRegistry, type Registry } from '@unrolled/core';
import { categoricalCrossEntropy, squaredError } from '@unrolled/losses';
import { adam } from '@unrolled/optimizers';
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
import { dense } from './dense.ts';
import { patches } from './patches.ts';

/** Any of them. */
type ExamplePlugin =
  | typeof words
  | typeof characters
  | typeof ngrams
  | typeof embedding
  | typeof oneHot
  | typeof bagOfNgrams
  | typeof numeric
  | typeof lstm
  | typeof vanilla
  | typeof dense
  | typeof patches
  | typeof additive
  | typeof multiplicative
  | typeof manyToOne
  | typeof manyToMany
  | typeof languageModel
  | typeof encoderDecoder
  | typeof linear
  | typeof regression
  | typeof categoricalCrossEntropy
  | typeof squaredError
  | typeof adam
  | typeof bptt
  | typeof truncatedBptt
  | typeof wasm;

/** All of them. */
export const registry: Registry<ExamplePlugin> = /* @__PURE__ */ createRegistry([
  words,
  characters,
  ngrams,
  embedding,
  oneHot,
  bagOfNgrams,
  numeric,
  lstm,
  vanilla,
  dense,
  patches,
  additive,
  multiplicative,
  manyToOne,
  manyToMany,
  languageModel,
  encoderDecoder,
  linear,
  regression,
  categoricalCrossEntropy,
  squaredError,
  adam,
  bptt,
  truncatedBptt,
  wasm,
]);
