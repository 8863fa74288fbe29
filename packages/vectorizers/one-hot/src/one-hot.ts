// The one-hot vectorizer: a number for each token, which the network sees as a vector with a single 1.
import {
  defineOptions,
  defineVectorizer,
  parseOptions,
  type Vectorizer,
  type VocabularyEncoder,
  type VocabularyFitter,
  type VocabularyOptions,
  vocabularyFields,
  vocabularyVectorizer,
} from '@unrolled/core';

/** Options of the one-hot vectorizer. */
export interface OneHotOptions extends VocabularyOptions {}

const numbering = /* @__PURE__ */ vocabularyVectorizer<OneHotOptions>((_, vocabulary) => ({ kind: 'ids', vocabulary }));

/**
 * Numbers the tokens of a corpus, 0 padding and 1 unknown. `x[t]` `[vocabulary]` is 1 at the token's number and 0 elsewhere;
 * backends look up a column of the first layer's weights instead of multiplying by it. Nothing is learned here.
 */
export const oneHot: Vectorizer<'one-hot', OneHotOptions, 'steps', 'tokens'> = /* @__PURE__ */ defineVectorizer({
  name: 'one-hot',
  package: '@unrolled/vectorizer-one-hot',
  options: /* @__PURE__ */ defineOptions<OneHotOptions>(vocabularyFields),
  emits: 'steps',
  reads: 'tokens',
  fit: numbering.fit,
  restore: numbering.restore,
});

/** A one-hot vectorizer with its options bound. */
export interface OneHotVectorizer {
  /** Begins to fit. */
  readonly fit: () => VocabularyFitter;
  /** An encoder from what `toJSON` gave. @throws UnrolledError `MODEL_CORRUPT` */
  readonly restore: (data: unknown) => VocabularyEncoder;
}

/**
 * The vectorizer with its options bound, for use without a registry.
 * @throws UnrolledError `OPTION_INVALID`
 */
export function oneHotVectorizer(options: Partial<OneHotOptions> = {}): OneHotVectorizer {
  const bound = parseOptions(oneHot.options, options, 'vectorizer "one-hot"');
  return { fit: () => numbering.fit(bound), restore: (data) => numbering.restore(bound, data) };
}
