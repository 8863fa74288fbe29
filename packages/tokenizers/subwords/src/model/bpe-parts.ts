// Reads what a byte-pair encoding needs out of a tokenizer.json.
import { describe } from '@unrolled/core';
import { invalid } from '../invalid.ts';
import type { Tokens } from '../read-vocabulary.ts';
import type { ModelJson } from '../tokenizer-json.ts';
import { createMergeTable, type MergeTable } from './merge-table.ts';

/** A byte-pair encoding, checked. */
export interface BpeParts {
  /** Number of each token. */
  readonly ids: ReadonlyMap<string, number>;
  /** What neighbours become. */
  readonly merges: MergeTable;
  /** The token of what is not known, where there is one. */
  readonly unknown: number | undefined;
  /** One unknown token for neighbours. */
  readonly fuseUnknown: boolean;
  /** A word that is a token is one token, whatever the merges say. */
  readonly wholeWords: boolean;
  /** What symbols inside a word begin with. */
  readonly prefix: string;
  /** What the last symbol of a word ends with. */
  readonly suffix: string;
  /** Bytes in place of what is not known. */
  readonly byteFallback: boolean;
}

/** @throws UnrolledError `TOKENIZER_INVALID` */
export function readBpe(model: ModelJson, { ids }: Tokens): BpeParts {
  if (model.dropout)
    throw invalid(
      `its model leaves merges out at random (dropout ${model.dropout}), so a text would have other tokens each time.`,
      'Set "dropout" to null.',
    );
  const prefix = model.continuing_subword_prefix ?? '';
  return {
    ids,
    merges: createMergeTable(readMerges(model, ids, prefix)),
    unknown: readUnknown(model, ids),
    fuseUnknown: model.fuse_unk ?? false,
    wholeWords: model.ignore_merges ?? false,
    prefix,
    suffix: model.end_of_word_suffix ?? '',
    byteFallback: model.byte_fallback ?? false,
  };
}

/** The number of `unk_token`; the empty text counts as none, as early files write it. */
export function readUnknown(model: ModelJson, ids: ReadonlyMap<string, number>): number | undefined {
  const token = model.unk_token;
  if (token === undefined || token === null || token === '') return undefined;
  const id = ids.get(token);
  if (id !== undefined) return id;
  throw invalid(`"unk_token" is ${describe(token)}, which is not in the vocabulary.`, 'Add it to "vocab".');
}

function readMerges(
  { merges = [] }: ModelJson,
  ids: ReadonlyMap<string, number>,
  prefix: string,
): (readonly [number, number, number])[] {
  if (!Array.isArray(merges))
    throw invalid(`"merges" must be an array, but ${describe(merges)} was found.`, 'Give pairs.');
  return merges.map((merge: unknown, rank) => {
    const [left, right] = pairOf(merge, rank);
    const idOf = (token: string): number => {
      const id = ids.get(token);
      if (id !== undefined) return id;
      throw invalid(
        `merge ${rank} (${describe(left)} and ${describe(right)}) needs ${describe(token)}, which is not in the vocabulary.`,
        'Take "vocab" and "merges" from the same training.',
      );
    };
    return [idOf(left), idOf(right), idOf(left + right.slice(prefix.length))];
  });
}

function pairOf(merge: unknown, rank: number): readonly [string, string] {
  const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
  if (Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string'))
    return pair as unknown as readonly [string, string];
  throw invalid(
    `merge ${rank} must be a pair of tokens, but ${describe(merge)} was found.`,
    'Write it as ["left", "right"] or "left right".',
  );
}
