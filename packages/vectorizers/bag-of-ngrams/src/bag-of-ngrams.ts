// The plug-in: tokens of a tokenizer → a sparse bag of their n-grams.
import { defineVectorizer, type Encoded, type Encoder, type Fitter, type Vectorizer } from '@unrolled/core';
import { HashedCounts } from './hashed-counts.ts';
import { mismatch } from './mismatch.ts';
import type { BagCounts, BagModel } from './model.ts';
import { type BagOptions, type BagVectorizerOptions, bagOptions, checkOptions } from './options.ts';
import { modelFrom } from './restore.ts';
import { VocabularyCounts } from './vocabulary-counts.ts';

/** The counts behind each fitter, so that two can be merged. */
const countsOf = /* @__PURE__ */ new WeakMap<Fitter, BagCounts>();

/**
 * n-grams of tokens as one sparse vector `[columns]`: counts, presence or tf-idf, by a vocabulary or hashed. What it learns of a
 * corpus is which n-grams have columns, and in how many documents they are.
 */
export const bagOfNgrams: Vectorizer<'bag-of-ngrams', BagOptions, 'bag', 'tokens'> = /* @__PURE__ */ defineVectorizer({
  name: 'bag-of-ngrams',
  package: '@unrolled/vectorizer-bag-of-ngrams',
  options: bagOptions,
  emits: 'bag',
  reads: 'tokens',
  fit: (options) => {
    const all = ofTokens(options);
    return fitterOf(all.features === 'hashing' ? new HashedCounts(all) : new VocabularyCounts(all));
  },
  restore: (options, data) => encoderOf(modelFrom(data, ofTokens(options))),
});

/** Tokens are words, whatever the tokenizer calls them. */
function ofTokens(options: BagOptions): BagVectorizerOptions {
  checkOptions(options, 'vectorizer "bag-of-ngrams"');
  return { ...options, profile: 'unrolled', unit: 'words', lowercase: false };
}

function fitterOf(counts: BagCounts): Fitter {
  const fitter: Fitter = {
    add: (example) => counts.add(example as readonly string[]),
    merge: (other) => {
      const its = countsOf.get(other);
      if (!its) throw mismatch();
      counts.merge(its);
    },
    build: () => encoderOf(counts.build()),
  };
  countsOf.set(fitter, counts);
  return fitter;
}

function encoderOf(model: BagModel): Encoder {
  return {
    encode: (example): Encoded => {
      const { columns, values, length, occurrences, unknown } = model.rowOf(example as readonly string[]);
      return { kind: 'bag', columns: columns.slice(0, length), values: values.slice(0, length), occurrences, unknown };
    },
    input: { kind: 'bag', size: model.columns },
    toJSON: model.toJSON,
    report: model.report,
  };
}
