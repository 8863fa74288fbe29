// The embedding vectorizer whose vectors begin with given ones, such as those of Word2Vec or GloVe.
import { defineOptions, initialise, size, type Tensor, UnrolledError, uniform, type Vocabulary } from '@unrolled/core';
import { type EmbeddingOptions, embedding } from './embedding.ts';

/** Word vectors that were trained before: `KeyedVectors` of @unrolled/word-vectors, or plain data. */
export interface PretrainedVectors {
  /** The words, each once. */
  readonly words: readonly string[];
  /** Size of each vector. */
  readonly size: number;
  /** `[words, size]`, row-major. */
  readonly values: Float32Array;
}

/**
 * The vectorizer `embedding` for a registry, whose vectors begin with given ones where the vocabulary's token is among
 * their words; the others, padding and unknown begin as they do without, drawn for seed 0 whatever the run's. The size is
 * that of the vectors. A saved model needs neither them nor this: it loads with {@link embedding}.
 *
 * `frozen: true` leaves all vectors as they begin, those of words without a given one too.
 *
 * @throws UnrolledError `VECTORS_INVALID` where words, size and values disagree
 */
export function pretrainedEmbedding(vectors: PretrainedVectors): typeof embedding {
  check(vectors);
  const rows = new Map(vectors.words.map((word, row) => [word, row]));
  const sized = size(vectors.size, "Size of each token's vector: that of the vectors given.");
  return {
    ...embedding,
    options: defineOptions<EmbeddingOptions>({ ...embedding.options.fields, size: sized }),
    fit: (options) => {
      checkSize(options, vectors);
      const fitter = embedding.fit(options);
      const build = (): ReturnType<typeof fitter.build> => {
        const encoder = fitter.build() as ReturnType<typeof fitter.build> & { readonly vocabulary: Vocabulary };
        const { table, found } = tableOf(encoder.vocabulary, options, vectors, rows);
        return {
          ...encoder,
          initial: { E: table },
          report: () => ({ ...encoder.report(), tokensWithVector: found }),
        };
      };
      return { ...fitter, build };
    },
  };
}

/** Vectors by a token's number `[vocabulary, size]`, and how many tokens had one. */
function tableOf(
  vocabulary: Vocabulary,
  { initialRange }: EmbeddingOptions,
  { size: units, values }: PretrainedVectors,
  rows: ReadonlyMap<string, number>,
): { readonly table: Tensor; readonly found: number } {
  const shape = [vocabulary.size, units];
  const data = initialise({ name: 'input.E', shape, init: uniform(-initialRange, initialRange) }, 0);
  const special = vocabulary.size - vocabulary.tokens.length;
  let found = 0;
  for (const [number, token] of vocabulary.tokens.entries()) {
    const row = rows.get(token);
    if (row === undefined) continue;
    data.set(values.subarray(row * units, (row + 1) * units), (special + number) * units);
    found += 1;
  }
  return { table: { shape, data }, found };
}

function checkSize({ size: asked }: EmbeddingOptions, { size: given }: PretrainedVectors): void {
  if (asked === given) return;
  throw new UnrolledError(
    'OPTION_INVALID',
    `vectorizer "embedding" was asked for vectors of ${asked}, but those given have ${given}.`,
    { mend: 'Leave size out.' },
  );
}

function check({ words, size: units, values }: PretrainedVectors): void {
  if (Number.isInteger(units) && units > 0 && values.length === words.length * units) return;
  throw new UnrolledError(
    'VECTORS_INVALID',
    `${words.length} words with vectors of ${units} need ${words.length * units} values, but ${values.length} were given.`,
    { mend: 'Give one row of size values for each word.' },
  );
}
