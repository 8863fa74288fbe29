// What vectorizers that number tokens share: options, a fitter that counts in one pass, and the encoder that it becomes.
import type { InputDescription } from './contracts/network.ts';
import type { Encoder, Fitter } from './contracts/plugins.ts';
import { UnrolledError } from './errors.ts';
import { integer, type OptionFields } from './options.ts';
import { Vocabulary } from './vocabulary.ts';
import { VocabularyBuilder } from './vocabulary-builder.ts';

/** Options of a vectorizer that numbers tokens. */
export interface VocabularyOptions {
  /** Tokens seen less often become unknown. */
  readonly minimumCount: number;
  /** Largest number of tokens that keep a number of their own, the commonest first; 0 for no limit. */
  readonly maximumSize: number;
  /** Tokens of an example kept, from its start; 0 for no limit. */
  readonly maximumLength: number;
}

/** Their fields with defaults: every token counts, nothing is cut. */
export const vocabularyFields: OptionFields<VocabularyOptions> = {
  minimumCount: /* @__PURE__ */ integer(1, 'Tokens seen less often become unknown.', { minimum: 1 }),
  maximumSize: /* @__PURE__ */ integer(0, 'Largest number of tokens kept, the commonest first; 0 for no limit.', {
    minimum: 0,
  }),
  maximumLength: /* @__PURE__ */ integer(0, 'Tokens of an example kept, from its start; 0 for no limit.', {
    minimum: 0,
  }),
};

/** An encoder from tokens to numbers. */
export interface VocabularyEncoder extends Encoder {
  /** The tokens and their numbers. */
  readonly vocabulary: Vocabulary;
}

/** Counts tokens and becomes a {@link VocabularyEncoder}. */
export interface VocabularyFitter extends Fitter {
  /** See {@link Fitter}. */
  readonly merge: (other: Fitter) => void;
  /** The encoder of all that was added. */
  readonly build: () => VocabularyEncoder;
}

/** The part of a vectorizer that numbers tokens. */
export interface VocabularyVectorizer<O extends VocabularyOptions> {
  /** Begins to fit. */
  readonly fit: (options: O) => VocabularyFitter;
  /** An encoder from what `toJSON` gave. @throws UnrolledError `MODEL_CORRUPT` */
  readonly restore: (options: O, data: unknown) => VocabularyEncoder;
}

/** `fit` and `restore` of a vectorizer that numbers tokens. @param inputOf - what enters the network, for so many numbers. */
export function vocabularyVectorizer<O extends VocabularyOptions>(
  inputOf: (options: O, vocabulary: number) => InputDescription,
): VocabularyVectorizer<O> {
  const encoderOf = (options: O, vocabulary: Vocabulary): VocabularyEncoder => ({
    vocabulary,
    input: inputOf(options, vocabulary.size),
    encode: (example, before = 0) => {
      const { maximumLength } = options;
      const limit = maximumLength === 0 ? {} : { maximumLength: Math.max(0, maximumLength - before) };
      return { kind: 'ids', ...vocabulary.encode(example as readonly string[], limit) };
    },
    tokenOf: (id) => vocabulary.tokenOf(id),
    toJSON: () => vocabulary.toJSON(),
    report: () => ({ ...vocabulary.report() }),
  });
  return {
    fit: (options) => fitterOf(options, (vocabulary) => encoderOf(options, vocabulary)),
    restore: (options, data) => encoderOf(options, Vocabulary.fromJSON(data)),
  };
}

/** The counts behind each fitter, so that two can be merged. */
const builders = /* @__PURE__ */ new WeakMap<Fitter, VocabularyBuilder>();

function fitterOf(options: VocabularyOptions, finish: (vocabulary: Vocabulary) => VocabularyEncoder): VocabularyFitter {
  const builder = new VocabularyBuilder();
  const { minimumCount, maximumSize } = options;
  const fitter: VocabularyFitter = {
    add: (example) => {
      builder.add(example as readonly string[]);
    },
    merge: (other) => {
      builder.merge(builders.get(other) ?? mismatch());
    },
    build: () => finish(builder.build({ minimumCount, ...(maximumSize > 0 && { maximumSize }) })),
  };
  builders.set(fitter, builder);
  return fitter;
}

function mismatch(): never {
  throw new UnrolledError('FITTER_MISMATCH', 'A fitter that counts tokens can only be merged with another such one.', {
    mend: 'Merge fitters of the same vectorizer from the same installed version.',
  });
}
