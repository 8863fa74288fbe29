// Trains byte-level byte-pair encoding (Sennrich et al. 2016; over bytes, Radford et al. 2019) as HF tokenizers' BpeTrainer does.
import { createBreathe, describe, UnrolledError } from '@unrolled/core';
import { byteCharacters, sortedAlphabet } from '../byte-alphabet.ts';
import { byteLevelJson } from '../byte-level-json.ts';
import type { TokenizerJson } from '../tokenizer-json.ts';
import { type Corpus, countWords, pauseFor, type ReadingProgress } from './count-words.ts';
import { PairCounts } from './pair-counts.ts';
import { PairQueue, type Waiting } from './pair-queue.ts';
import { layOut, mergeInWord, type Words } from './words.ts';

/** How far the training has come. */
export type TrainingProgress = ReadingProgress | MergingProgress;

/** How far merging has come. */
export interface MergingProgress {
  /** What is being done. */
  readonly stage: 'merging';
  /** Tokens in the vocabulary so far. */
  readonly tokens: number;
  /** Tokens asked for. */
  readonly vocabularySize: number;
}

/** What to train. */
export interface TrainingSettings {
  /** Most tokens in the vocabulary: 256 bytes, the special tokens, and what is learned. */
  readonly vocabularySize: number;
  /** Pairs that come less often are not merged; 2 by default. */
  readonly minimumFrequency?: number;
  /** Tokens that mark places, such as `<|end|>`; they come first. */
  readonly specialTokens?: readonly string[];
  /** Ends the training early. */
  readonly signal?: AbortSignal;
  /** Called now and then. */
  readonly onProgress?: (progress: TrainingProgress) => void;
}

export type { Corpus, ReadingProgress };

/**
 * Learns a byte-level BPE from texts: the merges, in the order of HF tokenizers' `BpeTrainer` with its whole byte alphabet.
 * A corpus is read once, in one pass; memory grows with its different words. Words never reach from one text to the next.
 * The same texts in any order give the same tokenizer. A lone surrogate counts as U+FFFD.
 *
 * @returns what a tokenizer.json holds, for `subwordsTokenizer`, the option `tokenizer`, or HF tokenizers
 * @throws UnrolledError `OPTION_INVALID`, `CORPUS_INVALID`, `CORPUS_EMPTY`, `WORD_TOO_LONG`; the signal's reason where it aborts
 */
export async function trainBytePairEncoding(corpus: Corpus, settings: TrainingSettings): Promise<TokenizerJson> {
  const { minimumFrequency = 2, specialTokens = [], signal, onProgress } = settings;
  const tokens = firstTokens(settings);
  signal?.throwIfAborted();
  const breathe = createBreathe();
  const counts = await countWords(corpus, pauseFor(breathe, signal, onProgress));
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const words = layOut(
    counts,
    Int32Array.from(byteCharacters, (character) => ids.get(character) as number),
  );
  const pairs = countPairs(words);
  const queue = new PairQueue();
  enqueueFresh(pairs, queue);
  const merges = new Map<number, readonly [number, number]>();
  const pause = pauseFor(breathe, signal, onProgress);
  while (tokens.length < settings.vocabularySize) {
    const top = nextPair(queue, pairs);
    if (!top || top.count < Math.max(1, minimumFrequency)) break;
    const { left, right } = top;
    const text = `${tokens[left]}${tokens[right]}`;
    // The same text may be reached by two ways: then both lead to one token.
    const merged = ids.get(text) ?? tokens.length;
    if (merged === tokens.length) {
      tokens.push(text);
      ids.set(text, merged);
    }
    // A pair may come twice: its later place counts.
    merges.delete(top.pair);
    merges.set(top.pair, [left, right]);
    for (const word of top.words)
      mergeInWord(words, word, [left, right, merged], (before, after, change) =>
        pairs.add(before, after, change * (words.counts[word] as number), word),
      );
    enqueueFresh(pairs, queue);
    await pause({ stage: 'merging', tokens: tokens.length, vocabularySize: settings.vocabularySize });
  }
  const textOf = (id: number): string => tokens[id] as string;
  const texts = Array.from(merges.values(), ([left, right]): [string, string] => [textOf(left), textOf(right)]);
  return byteLevelJson(tokens, texts, [...new Set(specialTokens)]);
}

/** The special tokens and the alphabet. @throws UnrolledError `OPTION_INVALID` */
function firstTokens({ vocabularySize, minimumFrequency = 2, specialTokens = [] }: TrainingSettings): string[] {
  for (const token of specialTokens)
    if (typeof token !== 'string' || token === '')
      throw wrong(
        `a special token must be a text of at least one character, but ${describe(token)} was given`,
        'Name it.',
      );
  if (!Number.isInteger(minimumFrequency) || minimumFrequency < 0)
    throw wrong(
      `"minimumFrequency" must be a whole number of at least 0, but ${describe(minimumFrequency)} was given`,
      'Give 2.',
    );
  const first = [...new Set([...specialTokens, ...sortedAlphabet()])];
  if (Number.isInteger(vocabularySize) && vocabularySize >= first.length && vocabularySize <= 1 << 20) return first;
  throw wrong(
    `"vocabularySize" must be a whole number from ${first.length} (256 bytes and ${first.length - 256} special tokens) to ${1 << 20}, but ${describe(vocabularySize)} was given`,
    'Some thousands are usual.',
  );
}

function wrong(what: string, mend: string): UnrolledError {
  return new UnrolledError('OPTION_INVALID', `trainBytePairEncoding: ${what}.`, { mend });
}

function countPairs({ symbols, starts, lengths, counts }: Words): PairCounts {
  const pairs = new PairCounts();
  for (let word = 0; word < starts.length; word++) {
    const start = starts[word] as number;
    const last = start + (lengths[word] as number) - 1;
    const count = counts[word] as number;
    for (let at = start; at < last; at++) pairs.add(symbols[at] as number, symbols[at + 1] as number, count, word);
  }
  return pairs;
}

function enqueueFresh(pairs: PairCounts, queue: PairQueue): void {
  pairs.takeFresh((pair, words) => {
    const count = pairs.counts[pair] as number;
    if (count > 0)
      queue.push({ pair, left: pairs.lefts[pair] as number, right: pairs.rights[pair] as number, count, words });
  });
}

/** The most frequent pair. Counts go down while pairs wait, so what comes up with an old count goes back with the new one. */
function nextPair(queue: PairQueue, { counts }: PairCounts): Waiting | undefined {
  for (;;) {
    const top = queue.pop();
    const count = top && (counts[top.pair] as number);
    if (!top || top.count === count) return top;
    top.count = count as number;
    queue.push(top);
  }
}
