// What a training stands on: the plan of its memory, its tables, and its first weights.
import { type DrawPosition, fillUniform, threefry, UnrolledError } from '@unrolled/core';
import { CHUNK, type Layout, layoutOf, PATH_TILE, type Plan } from './kernels/layout.ts';
import { noiseLabels } from './kernels/outputs.ts';
import type { Word2VecOptions } from './options.ts';
import { type HuffmanTree, huffmanTree } from './tables/huffman.ts';
import { aliasTable, noiseDistribution } from './tables/noise.ts';
import { keepProbabilities, keepThresholds } from './tables/subsampling.ts';
import { type SubwordTable, subwordTable } from './tables/subwords.ts';

/** The words of a training, the most frequent first. */
export interface Words {
  readonly tokens: readonly string[];
  readonly counts: readonly number[];
}

/** A training before its memory exists. */
export interface Setup {
  readonly options: Word2VecOptions;
  readonly words: Words;
  readonly plan: Plan;
  readonly layout: Layout;
  readonly tree: HuffmanTree | undefined;
  readonly subwords: SubwordTable | undefined;
}

/** The largest memory that WebAssembly addresses with 32 bits. */
const MOST_BYTES = 65_535 * 65_536;

/** Prepares a training of these words. @throws UnrolledError `MEMORY_EXCEEDED` */
export function setUp(options: Word2VecOptions, words: Words, threads: number): Setup {
  const { tokens, counts } = words;
  const tree = options.softmax === 'hierarchical' ? huffmanTree(counts) : undefined;
  const subwords = options.maximumNgram > 0 ? subwordTable(tokens, options) : undefined;
  const paths = tree ? lengths(tree.starts).map(filledUp) : [];
  const plan: Plan = {
    ...options,
    words: tokens.length,
    inputRows: subwords?.count ?? tokens.length,
    outputRows: tree ? Math.max(1, tokens.length - 1) : tokens.length,
    subwordEntries: subwords?.rows.length ?? 0,
    subwordsOfWord: subwords ? largest(lengths(subwords.starts)) : 1,
    pathEntries: paths.reduce((sum, length) => sum + length, 0),
    longestPath: largest(paths),
    threads,
    batch: batchOf(options, counts),
  };
  const layout = layoutOf(plan);
  if (layout.bytes > MOST_BYTES)
    throw new UnrolledError(
      'MEMORY_EXCEEDED',
      `${plan.inputRows + plan.outputRows} rows of ${options.size} numbers need ${layout.bytes} bytes; WebAssembly has at most ${MOST_BYTES}.`,
      { mend: 'Give a larger minimumCount, a maximumWords, fewer buckets or a smaller size.' },
    );
  return { options, words, plan, layout, tree, subwords };
}

/** How far the updates of one row in a batch may go together: their number, on the average, times the learning rate. */
const MOVED_TOGETHER = 0.2;
/** The share of a hierarchical softmax's most frequent row, as far as that counts: the root is on every path, but near 0. */
const SHARE_OF_ROOT = 1 / 2;
const SMALLEST_BATCH = 4;
const LARGEST_BATCH = 512;
/** Outputs that a batch keeps at most, of 12 bytes each. */
const OUTPUTS_KEPT = 2 ** 20;
/** Nodes of a path, at most or nearly so. */
const LONG_PATH = 64;

/**
 * Positions of a batch: fewer where some word is a large part of all, since what its row gets in a batch is added up, each part
 * computed as if it came alone.
 */
function batchOf(options: Word2VecOptions, counts: readonly number[]): number {
  const hierarchical = options.softmax === 'hierarchical';
  const share = hierarchical ? SHARE_OF_ROOT : largestShare(options, counts);
  const batch = Math.floor(MOVED_TOGETHER / (share * options.learningRate));
  const pairs = options.mode === 'cbow' ? 1 : 2 * options.window;
  const outputs = hierarchical ? LONG_PATH : options.negatives + 1;
  const largestBatch = Math.min(LARGEST_BATCH, Math.floor(OUTPUTS_KEPT / (pairs * outputs)));
  return Math.max(SMALLEST_BATCH, Math.min(largestBatch, batch));
}

/** The share of the commonest word among those that stay, or as noise. */
function largestShare({ sample, noiseExponent }: Word2VecOptions, counts: readonly number[]): number {
  const keep = keepProbabilities(counts, sample);
  const kept = counts.map((count, word) => count * (keep[word] as number));
  const total = kept.reduce((sum, count) => sum + count, 0);
  return Math.max(largest(kept) / total, largest(noiseDistribution(counts, noiseExponent)));
}

function lengths(starts: Int32Array): number[] {
  return Array.from(starts.subarray(1), (end, index) => end - (starts[index] as number));
}

function filledUp(length: number): number {
  return Math.ceil(length / PATH_TILE) * PATH_TILE;
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i] as number);
  return most;
}

/** Keys of 64 bits: of the words that stay, and of the noise. */
export function keysOf(seed: number): { readonly sift: bigint; readonly noise: bigint } {
  const words = new Int32Array(4);
  threefry(words, 0, seed | 0, Math.floor(seed / 4294967296) | SAMPLE, 0, 0, 0, 0, 0, 0);
  const [sift, noise] = new BigUint64Array(words.buffer) as unknown as [bigint, bigint];
  return { sift, noise };
}

/** The purpose `sample` in the key's upper byte, as core has it. */
const SAMPLE = 4 << 24;

/** Writes the tables into the memory. */
export function writeTables(buffer: ArrayBufferLike, { options, words, plan, layout, tree, subwords }: Setup): void {
  const uints = (at: number, values: ArrayLike<number>) => new Uint32Array(buffer, at, values.length).set(values);
  uints(layout.keep, keepThresholds(keepProbabilities(words.counts, options.sample)));
  if (tree) writePaths(buffer, tree, layout);
  else {
    uints(layout.noise, aliasTable(noiseDistribution(words.counts, options.noiseExponent)));
    const labels = noiseLabels(plan);
    new Float32Array(buffer, layout.labels, labels.length).set(labels);
  }
  if (!subwords) return;
  uints(layout.subwordStarts, subwords.starts);
  uints(
    layout.subwordRows,
    subwords.rows.map((row) => row * layout.stride + layout.input),
  );
}

/** Paths are filled up with their last node, which then doesn't count. */
function writePaths(buffer: ArrayBufferLike, { starts, nodes, codes }: HuffmanTree, layout: Layout): void {
  const words = starts.length - 1;
  const pathStarts = new Uint32Array(buffer, layout.pathStarts, words + 1);
  const view = new DataView(buffer);
  let at = 0;
  for (let word = 0; word < words; word++) {
    const [from, to] = [starts[word] as number, starts[word + 1] as number];
    for (let i = from; i < from + filledUp(to - from); i++) {
      const node = Math.min(i, to - 1);
      view.setUint32(layout.pathRows + 4 * at, layout.output + (nodes[node] as number) * layout.stride, true);
      view.setFloat32(layout.pathLabels + 4 * at, 1 - (codes[node] as number), true);
      view.setFloat32(layout.pathWeights + 4 * at, i < to ? 1 : 0, true);
      at += 1;
    }
    pathStarts[word + 1] = at;
  }
}

/**
 * Writes the first input rows: uniform within ±½ ÷ size as in word2vec.c, or ±1 ÷ size as in gensim. Output rows are 0. A row
 * depends on the seed and its number alone.
 */
export function writeFirstWeights(buffer: ArrayBufferLike, { options, plan, layout }: Setup): void {
  const { size, seed, profile } = options;
  const width = (profile === 'gensim' ? 2 : 1) / size;
  const row = new Float64Array(size);
  for (let index = 0; index < plan.inputRows; index++) {
    const position: DrawPosition = { seed, purpose: 'initialise', example: index };
    fillUniform(row, 0, size, position);
    const values = new Float32Array(buffer, layout.input + index * layout.stride, size);
    for (let i = 0; i < size; i++) values[i] = ((row[i] as number) - 0.5) * width;
  }
}

/** Words and ends of sentences of a chunk, at most. */
export const chunkEntries = CHUNK;
