// The embedding vectorizer: a learned vector for each token.
import {
  defineOptions,
  defineVectorizer,
  type EquationModule,
  flag,
  number,
  parseOptions,
  size,
  uniform,
  type Vectorizer,
  type VocabularyEncoder,
  type VocabularyFitter,
  type VocabularyOptions,
  vocabularyFields,
  vocabularyVectorizer,
} from '@unrolled/core';

/** Options of the embedding vectorizer. */
export interface EmbeddingOptions extends VocabularyOptions {
  /** Size of each token's vector. */
  readonly size: number;
  /** Vectors begin uniformly between − this and this. */
  readonly initialRange: number;
  /** Whether the network leaves the vectors as they begin: of use with vectors that were trained before. */
  readonly frozen: boolean;
}

const numbering = /* @__PURE__ */ vocabularyVectorizer<EmbeddingOptions>((options, vocabulary) => ({
  kind: 'ids',
  vocabulary,
  module: moduleOf(options),
}));

/**
 * Numbers the tokens of a corpus, 0 padding and 1 unknown, and gives each a vector that is learned with the network:
 * e[t] = Eᵀ x[t], with `x[t]` `[vocabulary]` one-hot, `E` `[vocabulary, size]` and `e[t]` `[size]`, computed by looking up a
 * row of `E`. The parameter is `input.E`. Source: Bengio, Ducharme, Vincent and Jauvin (2003), section 2.
 */
export const embedding: Vectorizer<'embedding', EmbeddingOptions, 'steps', 'tokens'> = /* @__PURE__ */ defineVectorizer(
  {
    name: 'embedding',
    package: '@unrolled/vectorizer-embedding',
    options: /* @__PURE__ */ defineOptions<EmbeddingOptions>({
      size: /* @__PURE__ */ size(64, "Size of each token's vector."),
      initialRange: /* @__PURE__ */ number(0.05, 'Vectors begin uniformly between − this and this.', { minimum: 0 }),
      frozen: /* @__PURE__ */ flag(false, 'Whether the network leaves the vectors as they begin.'),
      ...vocabularyFields,
    }),
    emits: 'steps',
    reads: 'tokens',
    fit: numbering.fit,
    restore: numbering.restore,
  },
);

function moduleOf({ size: units, initialRange, frozen }: EmbeddingOptions): EquationModule {
  return {
    name: 'embedding',
    equations: frozen ? 'e[t] = stopGradient(Eᵀ @ x[t])' : 'e[t] = Eᵀ @ x[t]',
    parameters: { E: { shape: ['vocabulary', 'size'], init: uniform(-initialRange, initialRange) } },
    sizes: { size: units },
    constants: {},
    shapes: {},
    initial: {},
    output: 'e',
  };
}

/** An embedding vectorizer with its options bound. */
export interface EmbeddingVectorizer {
  /** Begins to fit. */
  readonly fit: () => VocabularyFitter;
  /** An encoder from what `toJSON` gave. @throws UnrolledError `MODEL_CORRUPT` */
  readonly restore: (data: unknown) => VocabularyEncoder;
}

/**
 * The vectorizer with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function embeddingVectorizer(options: Partial<EmbeddingOptions> = {}): EmbeddingVectorizer {
  const bound = parseOptions(embedding.options, options, 'vectorizer "embedding"');
  return { fit: () => numbering.fit(bound), restore: (data) => numbering.restore(bound, data) };
}
