// The loss on sentences that are not trained on, in float64.
import { drawUniform, exp, log1p } from '@unrolled/core';
import { type Corpus, eachSentence, type TextTokenizer } from './corpus/corpus.ts';
import type { Word2VecOptions } from './options.ts';
import type { Setup, Words } from './setup.ts';
import { aliasTable, drawNoise, noiseDistribution } from './tables/noise.ts';

/** Weights of a training, as it sees them. */
export interface Weights {
  readonly setup: Setup;
  /** Rows of a table and the numbers from one row to the next. */
  readonly table: (name: 'input' | 'output') => { readonly values: Float32Array; readonly stride: number };
}

/** What is predicted by which input rows. */
interface Prediction {
  readonly inputs: readonly number[];
  readonly word: number;
}

/** Sentences as numbers, unknown words left out. */
export class HeldOut {
  readonly #sentences: readonly Int32Array[];
  readonly #options: Word2VecOptions;
  readonly #noise: Uint32Array;

  private constructor(sentences: readonly Int32Array[], words: Words, options: Word2VecOptions) {
    this.#sentences = sentences;
    this.#options = options;
    this.#noise = aliasTable(noiseDistribution(words.counts, options.noiseExponent));
  }

  /** Reads sentences. */
  static async read(
    corpus: Corpus,
    tokenizer: TextTokenizer | undefined,
    { tokens, counts }: Words,
    options: Word2VecOptions,
  ): Promise<HeldOut> {
    const numberOf = new Map(tokens.map((token, number) => [token, number]));
    const sentences: Int32Array[] = [];
    const add = (sentence: readonly string[]): undefined => {
      sentences.push(Int32Array.from(sentence.flatMap((token) => numberOf.get(token) ?? [])));
    };
    await eachSentence(corpus, tokenizer, add, () => false);
    return new HeldOut(sentences, { tokens, counts }, options);
  }

  /**
   * Mean loss of a prediction in nats, over all neighbours within the whole window, no word left out for being frequent. With
   * negative sampling −ln σ(s) of the word and −ln(1 − σ(s)) of each drawn noise, the same draws each time; else −ln of the
   * word's probability. NaN where there is nothing to predict.
   */
  loss(weights: Weights): number {
    let sum = 0;
    let count = 0;
    for (const prediction of this.#predictions(weights.setup)) {
      sum += this.#lossOf(weights, prediction, count);
      count += 1;
    }
    return sum / count;
  }

  *#predictions({ subwords }: Setup): Generator<Prediction> {
    const { mode, window } = this.#options;
    const rowsOf = (word: number): readonly number[] =>
      subwords ? [...subwords.rows.subarray(subwords.starts[word], subwords.starts[word + 1])] : [word];
    for (const sentence of this.#sentences)
      for (const [at, word] of sentence.entries()) {
        const near = [
          ...sentence.subarray(Math.max(0, at - window), at),
          ...sentence.subarray(at + 1, at + 1 + window),
        ];
        if (mode === 'skip-gram') for (const neighbour of near) yield { inputs: rowsOf(word), word: neighbour };
        else if (near.length > 0) yield { inputs: near.flatMap(rowsOf), word };
      }
  }

  #lossOf(weights: Weights, { inputs, word }: Prediction, index: number): number {
    const { size, average, negatives, seed } = this.#options;
    const input = weights.table('input');
    const output = weights.table('output');
    const hidden = new Float64Array(size);
    for (const row of inputs)
      for (let i = 0; i < size; i++)
        hidden[i] = (hidden[i] as number) + (input.values[row * input.stride + i] as number);
    const scale = average ? 1 / inputs.length : 1;
    const score = (row: number): number => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (hidden[i] as number) * (output.values[row * output.stride + i] as number);
      return sum * scale;
    };
    const { tree } = weights.setup;
    let loss = 0;
    if (tree) {
      for (let at = tree.starts[word] as number; at < (tree.starts[word + 1] as number); at++)
        loss += softplus((tree.codes[at] === 1 ? 1 : -1) * score(tree.nodes[at] as number));
      return loss;
    }
    loss += softplus(-score(word));
    for (let k = 0; k < negatives; k++) {
      const noise = drawNoise(this.#noise, drawUniform({ seed, purpose: 'sample', site: 1, example: index }, k));
      if (noise !== word) loss += softplus(score(noise));
    }
    return loss;
  }
}

/** ln(1 + e^x) = −ln σ(−x). */
function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}
