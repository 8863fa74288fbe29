// Phrases: words that come together far more often than by chance are joined into one token, such as new_york.
import {
  choice,
  createBreathe,
  defineOptions,
  integer,
  log,
  number,
  type OptionsSchema,
  parseOptions,
  text,
  UnrolledError,
  VocabularyBuilder,
} from '@unrolled/core';
import {
  type Corpus,
  checkCorpus,
  checkIterable,
  eachSentence,
  type TextTokenizer,
  tokensOf,
} from './corpus/corpus.ts';

/** Options of phrases; all have defaults. */
export interface PhraseOptions {
  /** Words and pairs seen less often make no phrase; it is also taken off the count of each pair. */
  readonly minimumCount: number;
  /** A pair whose score is above it is a phrase. */
  readonly threshold: number;
  /**
   * For the counts a and b of two words, c of the pair and the minimum count m: `gensim`, (c − m) ÷ a ÷ b times the number of
   * different words and pairs; `word2vec.c`, the same times the number of all words, for a usual threshold of 100; `npmi`,
   * ln(p(ab) ÷ (p(a) p(b))) ÷ −ln p(ab), from −1 to 1.
   */
  readonly scoring: 'gensim' | 'word2vec.c' | 'npmi';
  /** Stands between the words of a phrase. */
  readonly delimiter: string;
  /** Different words and different pairs that are counted at once, which bounds the memory: beyond it the rarer half is forgotten. */
  readonly maximumTracked: number;
}

const schema: OptionsSchema<PhraseOptions> = /* @__PURE__ */ defineOptions<PhraseOptions>({
  minimumCount: /* @__PURE__ */ integer(5, 'Words and pairs seen less often make no phrase.', { minimum: 1 }),
  threshold: /* @__PURE__ */ number(10, 'A pair whose score is above it is a phrase.'),
  scoring: /* @__PURE__ */ choice('gensim', ['gensim', 'word2vec.c', 'npmi'], 'How pairs are scored.'),
  delimiter: /* @__PURE__ */ text('_', 'Stands between the words of a phrase.'),
  maximumTracked: /* @__PURE__ */ integer(2 ** 22, 'Different words and pairs that are counted at once.', {
    minimum: 2,
    maximum: 2 ** 24,
  }),
});

/** What phrases are learned with besides their options. */
export interface PhraseSettings {
  /** How sentences that are texts become tokens. */
  readonly tokenizer?: TextTokenizer;
  /** Words that may stand inside a phrase but not at its ends, such as `of`; they count as no part of the pair. */
  readonly connectors?: Iterable<string>;
}

/** Phrases as plain data (JSON). */
export interface PhrasesData {
  /** The words of each phrase, connectors too. */
  readonly phrases: readonly (readonly string[])[];
  /** The score of each. */
  readonly scores: readonly number[];
  /** Stands between the words of a phrase. */
  readonly delimiter: string;
  /** Words that may stand inside a phrase but not at its ends. */
  readonly connectors: readonly string[];
}

/** Learned phrases; immutable. */
export class Phrases {
  readonly #data: PhrasesData;
  readonly #keys: ReadonlySet<string>;
  readonly #connectors: ReadonlySet<string>;

  /** @internal */
  constructor(data: PhrasesData) {
    this.#data = data;
    this.#keys = new Set(data.phrases.map(keyOf));
    this.#connectors = new Set(data.connectors);
  }

  /** Scores of the phrases, the words of each joined. */
  get scores(): ReadonlyMap<string, number> {
    const { phrases, scores, delimiter } = this.#data;
    return new Map(phrases.map((phrase, i) => [phrase.join(delimiter), scores[i] as number]));
  }

  /** The tokens with those of phrases joined, from left to right; a token is part of one phrase at most. */
  join(tokens: readonly string[]): string[] {
    const joined: string[] = [];
    let open: string[] = [];
    for (const token of tokens) {
      if (this.#connectors.has(token)) {
        (open.length > 0 ? open : joined).push(token);
        continue;
      }
      if (open.length > 0 && this.#keys.has(keyOf([...open, token]))) {
        joined.push([...open, token].join(this.#data.delimiter));
        open = [];
        continue;
      }
      joined.push(...open);
      open = [token];
    }
    joined.push(...open);
    return joined;
  }

  /** The sentences of a corpus joined, to be read as often as the corpus can. @throws UnrolledError `CORPUS_INVALID`, `CORPUS_READ_ONCE` */
  over(corpus: Corpus, { tokenizer }: Pick<PhraseSettings, 'tokenizer'> = {}): AsyncIterable<readonly string[]> {
    checkCorpus(corpus);
    const join = (tokens: readonly string[]): string[] => this.join(tokens);
    return {
      async *[Symbol.asyncIterator]() {
        let index = 0;
        for await (const sentence of corpus) yield join(tokensOf(sentence, tokenizer, index++));
      },
    };
  }

  /** As plain data. */
  toJSON(): PhrasesData {
    return this.#data;
  }

  /** From what {@link toJSON} gave. @throws UnrolledError `MODEL_CORRUPT` */
  static fromJSON(data: unknown): Phrases {
    const { phrases, scores, delimiter, connectors } = (data ?? {}) as Partial<PhrasesData>;
    const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');
    const sound =
      Array.isArray(phrases) &&
      phrases.every(isTexts) &&
      Array.isArray(scores) &&
      scores.length === phrases.length &&
      scores.every((score) => typeof score === 'number') &&
      typeof delimiter === 'string' &&
      isTexts(connectors);
    if (!sound)
      throw new UnrolledError('MODEL_CORRUPT', 'These phrases are damaged.', { mend: 'Learn or save them again.' });
    return new Phrases({ phrases, scores, delimiter, connectors: connectors as readonly string[] });
  }
}

/**
 * Learns which neighbouring words are phrases, in one pass. Phrases of more words come from learning again over
 * `phrases.over(corpus)`.
 *
 * Source: Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed representations of words and phrases, section 4; Bouma
 * 2009, Normalized (pointwise) mutual information in collocation extraction.
 *
 * @throws UnrolledError `OPTION_INVALID`, `CORPUS_INVALID`, `SENTENCE_INVALID`
 */
export async function learnPhrases(
  corpus: Corpus,
  { tokenizer, connectors = [], ...given }: Partial<PhraseOptions> & PhraseSettings = {},
): Promise<Phrases> {
  const options = parseOptions(schema, given, 'phrases');
  checkIterable(corpus);
  const between = new Set(connectors);
  const words = new VocabularyBuilder(options);
  const pairs = new VocabularyBuilder(options);
  let total = 0;
  const breathe = createBreathe();
  const count = (tokens: readonly string[]): Promise<void> | undefined => {
    total += tokens.length;
    let open: string[] = [];
    for (const token of tokens) {
      if (between.has(token)) {
        if (open.length > 0) open.push(token);
        continue;
      }
      words.add([token]);
      if (open.length > 0) pairs.add([keyOf([...open, token])]);
      open = [token];
    }
    return breathe();
  };
  await eachSentence(corpus, tokenizer, count, () => false);
  const found = score(words, pairs, total, options);
  return new Phrases({ ...found, delimiter: options.delimiter, connectors: [...between] });
}

/** Words as one text from which they can be told again, whatever they hold. */
function keyOf(words: readonly string[]): string {
  return `${words.map(({ length }) => length).join(' ')}:${words.join('')}`;
}

function wordsOf(key: string): string[] {
  const colon = key.indexOf(':');
  let at = colon + 1;
  return key
    .slice(0, colon)
    .split(' ')
    .map((length) => {
      at += Number(length);
      return key.slice(at - Number(length), at);
    });
}

/** The pairs above the threshold, the highest scores first, ties in the order of counts. */
function score(
  words: VocabularyBuilder,
  pairs: VocabularyBuilder,
  total: number,
  { minimumCount, threshold, scoring }: PhraseOptions,
): Pick<PhrasesData, 'phrases' | 'scores'> {
  const known = words.build();
  const counts = new Map(known.tokens.map((token, i) => [token, known.counts[i] as number]));
  const kept = pairs.build({ minimumCount });
  const different = known.tokens.length + kept.tokens.length + kept.report().tokensBelowMinimum;
  const scoreOf = (a: number, b: number, both: number): number => {
    if (scoring === 'npmi') return log((both * total) / (a * b)) / -log(both / total);
    if (scoring === 'gensim') return ((both - minimumCount) / (a * b)) * different;
    return Math.min(a, b) < minimumCount ? 0 : ((both - minimumCount) / a / b) * total;
  };
  const found = kept.tokens.flatMap((key, i) => {
    const phrase = wordsOf(key);
    const [a, b] = [counts.get(phrase[0] as string) ?? 0, counts.get(phrase.at(-1) as string) ?? 0];
    const value = a > 0 && b > 0 ? scoreOf(a, b, kept.counts[i] as number) : Number.NEGATIVE_INFINITY;
    return value > threshold ? [{ phrase, value }] : [];
  });
  found.sort((x, y) => y.value - x.value);
  return { phrases: found.map(({ phrase }) => phrase), scores: found.map(({ value }) => value) };
}
