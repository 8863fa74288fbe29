// The profile scikit-learn against scikit-learn itself, run live: 1,000 random texts under random options, new ones each time.
import { runPython } from '@unrolled/peers';
import { type BagVectorizerOptions, bagOfNgramsVectorizer } from '@unrolled/vectorizer-bag-of-ngrams';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameBags } from './same-bags.ts';

const script = `
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer

KINDS = {"count": CountVectorizer, "tf-idf": TfidfVectorizer, "hashing": HashingVectorizer}

def bags(case):
    arguments = case["arguments"]
    # JSON spells 1.0 as 1, which is a count to scikit-learn and not a share.
    if "max_df" in arguments:
        arguments["max_df"] = float(arguments["max_df"])
    vectorizer = KINDS[case["kind"]](**(arguments | {"ngram_range": tuple(arguments["ngram_range"])}))
    try:
        matrix = vectorizer.fit(case["texts"]).transform(case["texts"])
    except ValueError as error:
        return {"error": str(error)}
    matrix.sort_indices()
    names = [] if case["kind"] == "hashing" else vectorizer.get_feature_names_out().tolist()
    return {"names": names, "shape": list(matrix.shape), "indptr": matrix.indptr.tolist(),
            "indices": matrix.indices.tolist(), "values": matrix.data.tolist()}

def main(cases):
    return [bags(case) for case in cases]
`;

const unassigned = `
import unicodedata

def main(characters):
    return [one for one in characters if unicodedata.category(one) == "Cn"]
`;

interface Case {
  readonly texts: readonly string[];
  readonly options: Partial<BagVectorizerOptions>;
  readonly kind: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

interface Theirs {
  readonly error?: string;
  readonly names: readonly string[];
  readonly shape: readonly [number, number];
  readonly indptr: readonly number[];
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

const pieces = 'a b c the São não É Σ ΟΔΟΣ İ ß 日 𝒳 ½ _ 7 ab ba é e\u0301 👍 ’ - . , \u1e9e ǅ ﬁ'
  .split(' ')
  .concat(' ', ' ', ' ', '  ', '\n', '\t', '\u00a0', '\u2003', '\x1c', '\x85', '\ufeff', '\u200b');
const wellFormed = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

const someCase: fc.Arbitrary<Case> = fc
  .record({
    texts: fc.array(wellFormed, { minLength: 50, maxLength: 50 }),
    kind: fc.constantFrom('count', 'tf-idf', 'hashing'),
    unit: fc.constantFrom('words', 'characters', 'word-characters'),
    lowercase: fc.boolean(),
    from: fc.integer({ min: 1, max: 3 }),
    more: fc.integer({ min: 0, max: 2 }),
    binary: fc.boolean(),
    sublinear: fc.boolean(),
    smooth: fc.boolean(),
    norm: fc.constantFrom('l1', 'l2', 'none'),
    alternateSigns: fc.boolean(),
    columns: fc.integer({ min: 1, max: 3000 }),
    minimumDocuments: fc.integer({ min: 1, max: 3 }),
    maximumShare: fc.constantFrom(0.1, 0.5, 1),
    stop: fc.boolean(),
  })
  .map((drawn) => {
    const { texts, kind, unit, lowercase, from, more, norm, columns, alternateSigns } = drawn;
    const analyzers = { words: 'word', characters: 'char', 'word-characters': 'char_wb' } as const;
    const common = { unit, lowercase, from, to: from + more } as Partial<BagVectorizerOptions>;
    const theirCommon = {
      analyzer: analyzers[unit as keyof typeof analyzers],
      lowercase,
      ngram_range: [from, from + more],
    };
    const theirNorm = norm === 'none' ? null : norm;
    const stopWords = drawn.stop && unit === 'words' ? ['ab', 'the', 'não'] : [];
    const stop = stopWords.length > 0 ? { stop_words: stopWords } : {};
    if (kind === 'hashing') {
      const options = { ...common, stopWords, features: 'hashing', norm, columns, alternateSigns } as const;
      const theirs = { ...theirCommon, ...stop, norm: theirNorm, n_features: columns, alternate_sign: alternateSigns };
      return { texts, kind, options: options as Partial<BagVectorizerOptions>, arguments: theirs };
    }
    const { minimumDocuments, maximumShare, sublinear, smooth, binary } = drawn;
    const limited = { ...common, stopWords, minimumDocuments, maximumShare } as Partial<BagVectorizerOptions>;
    const theirLimited = { ...theirCommon, ...stop, min_df: minimumDocuments, max_df: maximumShare };
    if (kind === 'count') {
      const options: Partial<BagVectorizerOptions> = { ...limited, weight: binary ? 'binary' : 'count' };
      return { texts, kind, options, arguments: { ...theirLimited, binary } };
    }
    const options = { ...limited, weight: 'tf-idf', sublinear, smooth, norm } as Partial<BagVectorizerOptions>;
    const theirs = { ...theirLimited, sublinear_tf: sublinear, smooth_idf: smooth, norm: theirNorm };
    return { texts, kind, options, arguments: theirs };
  });

/** Cases without the characters that Python's version of Unicode, or the engine's, does not have yet. */
async function known(cases: readonly Case[]): Promise<readonly Case[]> {
  const characters = [...new Set(cases.flatMap(({ texts }) => [...texts.join('')]))];
  const unknown = new Set(await runPython<readonly string[]>(unassigned, characters));
  const isKnown = (one: string) => !unknown.has(one) && !/\p{Cn}/u.test(one);
  return cases.map((one) => ({ ...one, texts: one.texts.map((text) => [...text].filter(isKnown).join('')) }));
}

describe('the profile scikit-learn', () => {
  it('equals scikit-learn on 1,000 random texts', async () => {
    const seed = Date.now() & 0x7fffffff;
    const cases = await known(fc.sample(someCase, { numRuns: 20 * 5, seed }));
    expect(new Set(cases.flatMap(({ texts }) => texts)).size).toBeGreaterThan(1000);
    const theirs = await runPython<readonly Theirs[]>(script, cases);
    theirs.forEach((expected, index) => {
      const { options, texts } = cases[index] as Case;
      const where = `case ${index} of seed ${seed}, ${JSON.stringify(options)}`;
      const vectorizer = bagOfNgramsVectorizer({ profile: 'scikit-learn', ...options });
      if (expected.error !== undefined) {
        expect(() => vectorizer.fit(texts), `${where}: ${expected.error}`).toThrow();
        return;
      }
      const bags = vectorizer.fitTransform(texts);
      if (options.features !== 'hashing') expect(vectorizer.featureNames, where).toEqual(expected.names);
      const { shape, indptr, indices, values } = expected;
      expectSameBags(
        bags,
        {
          shape,
          indptr: Int32Array.from(indptr),
          indices: Int32Array.from(indices),
          values: Float64Array.from(values),
        },
        where,
      );
    });
  });
});
