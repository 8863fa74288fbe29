// Word2Vec once more, in plain loops and float64, after the formulas of the papers; it shares nothing with the kernels but the draws.
import { type DrawPosition, fillUniform, threefry } from '@unrolled/core';
import type { Word2VecOptions } from '../src/index.ts';

type Row = Float64Array;

/** Weights by row. */
export interface Weights {
  readonly input: Row[];
  readonly output: Row[];
}

/** What the reference is told of a training. */
export interface ReferenceSettings {
  readonly options: Word2VecOptions;
  readonly words: readonly string[];
  readonly counts: readonly number[];
  /** Input rows of each word. */
  readonly rowsOf: (word: number) => readonly number[];
  /** Rows of the input. */
  readonly inputRows: number;
  /** Nodes and codes of each word, where there is a tree. */
  readonly pathOf: ((word: number) => readonly { readonly node: number; readonly code: number }[]) | undefined;
  /** The word of a column of the table of noise, by a draw's upper and lower 32 bits. */
  readonly noiseOf: (upper: number, lower: number) => number;
  /** Probability that an occurrence stays. */
  readonly keep: readonly number[];
  /** Entries against the same weights; 0 where each sees what the one before has changed. */
  readonly batch: number;
}

const MASK = (1n << 64n) - 1n;
const GOLDEN = 0x9e3779b97f4a7c15n;

/** SplitMix64's output function. */
function mix(state: bigint): { readonly upper: number; readonly lower: number } {
  let z = state & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  z ^= z >> 31n;
  return { upper: Number(z >> 32n), lower: Number(z & 0xffffffffn) };
}

function keysOf(seed: number): { readonly sift: bigint; readonly noise: bigint } {
  const words = new Int32Array(4);
  threefry(words, 0, seed | 0, Math.floor(seed / 2 ** 32) | (4 << 24), 0, 0, 0, 0, 0, 0);
  const unsigned = [...new Uint32Array(words.buffer)].map(BigInt) as [bigint, bigint, bigint, bigint];
  return { sift: unsigned[0] | (unsigned[1] << 32n), noise: unsigned[2] | (unsigned[3] << 32n) };
}

/** A kept word with its window, or the end of a sentence. */
interface Entry {
  readonly word: number;
  readonly reach: number;
  /** From 1, over all epochs, ends of sentences too. */
  readonly place: number;
}

/** The outputs of a prediction. */
interface Target {
  readonly row: number;
  readonly label: number;
}

/** A prediction with its outputs drawn. */
interface Prediction {
  readonly inputs: readonly number[];
  readonly targets: readonly Target[];
  readonly rate: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export class Reference {
  readonly weights: Weights;
  readonly #settings: ReferenceSettings;
  readonly #keys: { readonly sift: bigint; readonly noise: bigint };
  #words = 0;
  #place = 1;

  constructor(settings: ReferenceSettings) {
    const { options, inputRows, words, pathOf } = settings;
    this.#settings = settings;
    this.#keys = keysOf(options.seed);
    const zeros = () => new Float64Array(options.size);
    const input = Array.from({ length: inputRows }, (_, index) => {
      const row = zeros();
      const position: DrawPosition = { seed: options.seed, purpose: 'initialise', example: index };
      fillUniform(row, 0, options.size, position);
      const width = (options.profile === 'gensim' ? 2 : 1) / options.size;
      return row.map((value) => Math.fround((value - 0.5) * width));
    });
    const output = Array.from({ length: pathOf ? Math.max(1, words.length - 1) : words.length }, zeros);
    this.weights = { input, output };
  }

  /** Trains one epoch. `rateAt(i, n)` is the rate of the i-th of n entries. */
  epoch(sentences: readonly (readonly number[])[], rateAt: (index: number, count: number) => number): void {
    const entries = this.sift(sentences);
    const { batch } = this.#settings;
    const step = batch === 0 ? 1 : batch;
    for (let from = 0; from < entries.length; from += step) {
      const indexes = Array.from({ length: Math.min(step, entries.length - from) }, (_, i) => from + i);
      const groups = indexes.map((index) => this.predictions(entries, index, rateAt(index, entries.length)));
      if (batch === 0) this.#oneByOne(groups[0] as readonly Prediction[]);
      else this.#together(groups);
    }
  }

  /** What stays, with drawn windows. */
  sift(sentences: readonly (readonly number[])[]): Entry[] {
    const { options, keep } = this.#settings;
    const entries: Entry[] = [];
    const end = { word: -1, reach: 0 };
    for (const sentence of sentences) {
      for (const word of sentence) {
        const { upper, lower } = mix(this.#keys.sift + BigInt(this.#words++) * GOLDEN);
        const reach = options.dynamicWindow ? 1 + Math.floor((lower * options.window) / 2 ** 32) : options.window;
        if (upper < (keep[word] as number) * 2 ** 32) entries.push({ word, reach, place: this.#place++ });
      }
      if (entries.length > 0 && entries.at(-1)?.word !== -1) entries.push({ ...end, place: this.#place++ });
    }
    return entries;
  }

  /** The predictions of an entry, their noise drawn. */
  predictions(entries: readonly Entry[], index: number, rate: number): Prediction[] {
    const { options, rowsOf } = this.#settings;
    const { word, reach, place } = entries[index] as Entry;
    if (word < 0) return [];
    const near: number[] = [];
    for (const direction of [-1, 1])
      for (let distance = 1; distance <= options.window; distance++) {
        const other = entries[index + direction * distance];
        if (!other || other.word < 0) break;
        if (distance <= (options.mode === 'cbow' ? reach : other.reach)) near.push(other.word);
      }
    const draws = this.#noise(place);
    if (options.mode === 'skip-gram')
      return near.map((neighbour) => ({ inputs: rowsOf(word), targets: this.#targets(neighbour, draws), rate }));
    return near.length === 0 ? [] : [{ inputs: near.flatMap(rowsOf), targets: this.#targets(word, draws), rate }];
  }

  *#noise(place: number): Generator<number, never> {
    const { noiseOf } = this.#settings;
    const { upper, lower } = mix(this.#keys.noise + BigInt(place) * GOLDEN);
    let state = (BigInt(upper) << 32n) | BigInt(lower);
    for (;;) {
      state += GOLDEN;
      const drawn = mix(state);
      yield noiseOf(drawn.upper, drawn.lower);
    }
  }

  #targets(word: number, draws: Generator<number, never>): Target[] {
    const { pathOf, options } = this.#settings;
    if (pathOf) return pathOf(word).map(({ node, code }) => ({ row: node, label: 1 - code }));
    const noise = Array.from({ length: options.negatives }, () => draws.next().value);
    return [{ row: word, label: 1 }, ...noise.filter((drawn) => drawn !== word).map((row) => ({ row, label: 0 }))];
  }

  /** The vector that predicts. */
  hidden({ inputs }: Prediction): Row {
    const { average, size } = this.#settings.options;
    const sum = new Float64Array(size);
    for (const row of inputs) this.#add(sum, this.weights.input[row] as Row, average ? 1 / inputs.length : 1);
    return sum;
  }

  /** −ln of the probabilities of a prediction's labels. */
  loss(prediction: Prediction): number {
    const hidden = this.hidden(prediction);
    return prediction.targets.reduce((sum, { row, label }) => {
      const score = dot(hidden, this.weights.output[row] as Row);
      return sum - Math.log(sigmoid(label === 1 ? score : -score));
    }, 0);
  }

  #error(label: number, score: number): number {
    const { profile, softmax } = this.#settings.options;
    const beyond = Math.abs(score);
    if (profile === 'gensim' && beyond >= 6) return 0;
    if (profile === 'word2vec.c' && softmax === 'hierarchical' && beyond >= 6) return 0;
    if (profile === 'word2vec.c' && beyond > 6) return label - (score > 0 ? 1 : 0);
    return label - sigmoid(score);
  }

  #share({ inputs }: Prediction): number {
    const { average, exactGradient } = this.#settings.options;
    return average && exactGradient ? 1 / inputs.length : 1;
  }

  #add(to: Row, row: Row, factor: number): void {
    for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (row[i] as number);
  }

  /** Each prediction sees what those before have changed; those of one word with several rows share its vector. */
  #oneByOne(predictions: readonly Prediction[]): void {
    const { mode, size } = this.#settings.options;
    const shared = mode === 'skip-gram' && (predictions[0]?.inputs.length ?? 0) > 1;
    let hidden: Row | undefined;
    let total = new Float64Array(size);
    for (const prediction of predictions) {
      if (!shared || !hidden) hidden = this.hidden(prediction);
      const error = new Float64Array(size);
      const errors = prediction.targets.map(({ row, label }) =>
        this.#error(label, dot(hidden as Row, this.weights.output[row] as Row)),
      );
      for (const [k, { row }] of prediction.targets.entries()) {
        const factor = prediction.rate * (errors[k] as number);
        this.#add(error, this.weights.output[row] as Row, factor);
        this.#add(this.weights.output[row] as Row, hidden, factor);
      }
      if (shared) this.#add(total, error, 1);
      else
        for (const row of prediction.inputs) this.#add(this.weights.input[row] as Row, error, this.#share(prediction));
    }
    const [first] = predictions;
    if (shared && first)
      for (const row of first.inputs) this.#add(this.weights.input[row] as Row, total, this.#share(first));
    total = new Float64Array(0);
  }

  /** All predictions see the same weights. */
  #together(groups: readonly (readonly Prediction[])[]): void {
    const changes: (() => void)[] = [];
    for (const prediction of groups.flat()) {
      const hidden = this.hidden(prediction);
      const error = new Float64Array(hidden.length);
      for (const { row, label } of prediction.targets) {
        const output = this.weights.output[row] as Row;
        const factor = prediction.rate * this.#error(label, dot(hidden, output));
        this.#add(error, output, factor);
        changes.push(() => this.#add(output, hidden, factor));
      }
      for (const row of prediction.inputs)
        changes.push(() => this.#add(this.weights.input[row] as Row, error, this.#share(prediction)));
    }
    for (const change of changes) change();
  }
}

function dot(a: Row, b: Row): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
