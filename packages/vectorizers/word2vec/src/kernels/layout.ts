// Where everything lies in the memory of a training: header, scratch, tables, words, rows.
import { BARRIER_BYTES } from '@unrolled/wasm';

/** What decides the shape of the memory and of the code. */
export interface Plan {
  readonly mode: 'skip-gram' | 'cbow';
  readonly softmax: 'negative-sampling' | 'hierarchical';
  readonly parallel: 'deterministic' | 'hogwild';
  /** Numbers in a vector. */
  readonly size: number;
  readonly window: number;
  readonly dynamicWindow: boolean;
  /** Draws of noise for each word that is predicted. */
  readonly negatives: number;
  /** What a score beyond ±6 does; without it nothing special. */
  readonly profile: 'unrolled' | 'word2vec.c' | 'gensim';
  /** Whether several input rows are averaged; else they are added. */
  readonly average: boolean;
  /** Whether the gradient of an average is divided by the number of rows. */
  readonly exactGradient: boolean;
  /** Different words. */
  readonly words: number;
  /** Rows of the input: words, and their n-grams. */
  readonly inputRows: number;
  /** Rows of the output: words, or inner nodes of the Huffman tree. */
  readonly outputRows: number;
  /** Entries of the table of input rows of each word; 0 where every word has one row. */
  readonly subwordEntries: number;
  /** Most input rows of one word. */
  readonly subwordsOfWord: number;
  /** Entries of the table of Huffman paths, each path filled up to a multiple of {@link PATH_TILE}. */
  readonly pathEntries: number;
  /** The longest path, filled up. */
  readonly longestPath: number;
  /** Threads that have scratch of their own. */
  readonly threads: number;
  /** Positions that are computed against the same weights, where it is deterministic. */
  readonly batch: number;
}

/** Words and ends of sentences that come in at a time. */
export const CHUNK = 16_384;
/** Nodes of a path that are computed side by side. */
export const PATH_TILE = 4;
/** Outputs that are computed side by side. */
export const TILE = 6;

/** Addresses of the header's fields. */
export const header = {
  barrier: 0,
  /** The next position that a thread takes. */
  next: 64,
  /** Trained positions of the buffer of kept words: from, to. */
  from: 128,
  to: 132,
  /** Learning rate at `from`, and how much lower each position's is than the one before. */
  rate: 136,
  fall: 140,
  /** Key of the noise of the buffer's position 0, of 64 bits. */
  noiseKey: 144,
  /** Key of the first raw word of the chunk, of 64 bits. */
  siftKey: 152,
} as const;
const HEADER_BYTES = 192;

/** Addresses, and sizes in bytes, of one plan. */
export type Layout = ReturnType<typeof layoutOf>;

/** Vectors of four numbers in a row. */
export function vectorsOf(size: number): number {
  return Math.ceil(size / 4);
}

/** Outputs of one prediction, filled up to whole vectors, with room for a tile that writes beyond. */
export function outputsOf({ softmax, negatives, longestPath }: Plan): number {
  const count = softmax === 'hierarchical' ? longestPath : negatives + 1;
  return Math.ceil(count / 4) * 4 + 4;
}

/** Lays everything out. */
export function layoutOf(plan: Plan) {
  let end = HEADER_BYTES;
  const take = (bytes: number): number => {
    const at = end;
    // a line of the cache for each, so that threads don't share one by chance
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const { window, words, threads, parallel, mode } = plan;
  const stride = 16 * vectorsOf(plan.size);
  const outputs = outputsOf(plan);
  const hierarchical = plan.softmax === 'hierarchical';
  const positions = CHUNK + 4 * window + 16;
  const inputsOfBag = plan.subwordEntries > 0 ? plan.subwordsOfWord : 1;

  const labels = take(4 * outputs);
  const noise = take(hierarchical ? 0 : 8 * words);
  const keep = take(4 * words);
  const pathStarts = take(hierarchical ? 4 * (words + 1) : 0);
  const pathRows = take(4 * plan.pathEntries);
  const pathLabels = take(4 * plan.pathEntries);
  const pathWeights = take(4 * plan.pathEntries);
  const subwordStarts = take(plan.subwordEntries > 0 ? 4 * (words + 1) : 0);
  const subwordRows = take(4 * plan.subwordEntries);
  const raw = take(4 * CHUNK);
  const kept = take(4 * positions);
  const reach = take(4 * positions);

  const scratch = {
    /** Addresses of kept words in the window. */
    contexts: 0,
    /** Addresses of the input rows of a bag. */
    inputs: 0,
    /** Addresses of output rows, whether each counts, scores and then errors. */
    rows: 0,
    weights: 0,
    errors: 0,
    /** The hidden vector, and its error. */
    hidden: 0,
    error: 0,
    bytes: 0,
  };
  const take4 = (bytes: number): number => {
    const at = scratch.bytes;
    scratch.bytes += Math.ceil(bytes / 16) * 16;
    return at;
  };
  scratch.contexts = take4(4 * 2 * window);
  scratch.inputs = take4(mode === 'cbow' ? 4 * 2 * window * inputsOfBag : 0);
  scratch.rows = take4(4 * outputs);
  scratch.weights = take4(4 * outputs);
  scratch.errors = take4(4 * outputs);
  scratch.hidden = take4(stride);
  scratch.error = take4(stride);
  scratch.bytes = Math.ceil(scratch.bytes / 64) * 64;
  const threadScratch = take(threads * scratch.bytes);

  // What a batch leaves behind for the rows' owners: of every position its pairs, hidden vector and error.
  const pairs = mode === 'skip-gram' ? 2 * window : 1;
  const pair = { word: 0, rows: 16, weights: 16 + 4 * outputs, errors: 16 + 8 * outputs, bytes: 16 + 12 * outputs };
  if (hierarchical) Object.assign(pair, { rows: 0, weights: 0, errors: 16, bytes: 16 + 4 * outputs });
  const inputBytes = mode === 'cbow' ? Math.ceil((4 * 2 * window * inputsOfBag) / 16) * 16 : 0;
  // Of a position: the number of its pairs, that of its input rows, these rows, the pairs.
  const record = { pairs: 0, inputCount: 4, inputs: 16, pair: 16 + inputBytes };
  const recordBytes = record.pair + pairs * pair.bytes;
  const batch = parallel === 'deterministic' ? plan.batch : 0;
  const records = take(batch * recordBytes);
  const hiddens = take(batch * stride);
  const errors = take(batch * stride);

  const input = take(plan.inputRows * stride);
  const output = take(plan.outputRows * stride);
  return {
    ...{ stride, labels, noise, keep, pathStarts, pathRows, pathLabels, pathWeights, subwordStarts, subwordRows },
    ...{
      raw,
      rawEntries: CHUNK,
      kept,
      reach,
      positions,
      scratch,
      threadScratch,
      record,
      pair,
      recordBytes,
      records,
      hiddens,
      errors,
    },
    ...{ input, output, bytes: end },
  };
}

if (BARRIER_BYTES > header.next) throw new Error('The barrier does not fit.');
