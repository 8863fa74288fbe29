// The default registry: every plug-in of this package. TensorFlow.js and data sets are packages of their own.
import { additive, multiplicative } from '@unrolled/attention';
import { reference } from '@unrolled/backend-reference';
import { wasm } from '@unrolled/backend-wasm';
import { lstm } from '@unrolled/cell-lstm';
import { vanilla } from '@unrolled/cell-vanilla';
import { createRegistry, type Registry } from '@unrolled/core';
import { binaryCrossEntropy, categoricalCrossEntropy, squaredError } from '@unrolled/losses';
import { adam, adamw, momentum, rmsprop, sgd } from '@unrolled/optimizers';
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

/** Any plug-in of this package. */
export type DefaultPlugin =
  | typeof words
  | typeof characters
  | typeof ngrams
  | typeof embedding
  | typeof bagOfNgrams
  | typeof oneHot
  | typeof numeric
  | typeof lstm
  | typeof vanilla
  | typeof additive
  | typeof multiplicative
  | typeof manyToOne
  | typeof manyToMany
  | typeof languageModel
  | typeof encoderDecoder
  | typeof linear
  | typeof regression
  | typeof categoricalCrossEntropy
  | typeof binaryCrossEntropy
  | typeof squaredError
  | typeof adam
  | typeof adamw
  | typeof momentum
  | typeof rmsprop
  | typeof sgd
  | typeof bptt
  | typeof truncatedBptt
  | typeof wasm
  | typeof reference;

/** Every plug-in of this package. `registry.with([tfjs])` gives a new registry that knows more. */
export const registry: Registry<DefaultPlugin> = /* @__PURE__ */ createRegistry([
  words,
  characters,
  ngrams,
  embedding,
  bagOfNgrams,
  oneHot,
  numeric,
  lstm,
  vanilla,
  additive,
  multiplicative,
  manyToOne,
  manyToMany,
  languageModel,
  encoderDecoder,
  linear,
  regression,
  categoricalCrossEntropy,
  binaryCrossEntropy,
  squaredError,
  adam,
  adamw,
  momentum,
  rmsprop,
  sgd,
  bptt,
  truncatedBptt,
  wasm,
  reference,
]);
