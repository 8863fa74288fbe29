// Reads bags back from plain data, with a check of everything.
import { describe, UnrolledError } from '@unrolled/core';
import { ColumnNames } from './column-names.ts';
import { HashedModel } from './hashed-model.ts';
import type { BagModel } from './model.ts';
import { NgramTrie, ROOT } from './ngram-trie.ts';
import type { BagVectorizerOptions } from './options.ts';
import { VocabularyModel } from './vocabulary-model.ts';

/** The model that gave `data`. @throws UnrolledError `MODEL_CORRUPT`, which says what is wrong */
export function modelFrom(data: unknown, options: BagVectorizerOptions): BagModel {
  if (!isRecord(data)) throw corrupt(`it is ${describe(data)}, not an object`);
  if (data.features !== options.features)
    throw corrupt(`its features are ${describe(data.features)}, not ${describe(options.features)}`);
  if (!isCount(data.documents)) throw corrupt(`its number of documents is ${describe(data.documents)}`);
  const { report } = data;
  if (!isRecord(report) || !Object.values(report).every((fact) => typeof fact === 'number'))
    throw corrupt('its report is no record of numbers');
  const common = { documents: data.documents, report: report as Readonly<Record<string, number>> };
  return options.features === 'vocabulary' ? vocabularyFrom(data, common, options) : hashedFrom(data, common, options);
}

interface Common {
  readonly documents: number;
  readonly report: Readonly<Record<string, number>>;
}

function vocabularyFrom(data: Fields, common: Common, options: BagVectorizerOptions): VocabularyModel {
  const { words, ngrams, frequencies } = data;
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string') || new Set(words).size < words.length)
    throw corrupt('its words are not texts that differ');
  if (!Array.isArray(ngrams) || ngrams.length === 0) throw corrupt(`its n-grams are ${describe(ngrams)}`);
  if (!Array.isArray(frequencies) || frequencies.length !== ngrams.length || !frequencies.every(isCount))
    throw corrupt(`it has ${ngrams.length} n-grams, but its frequencies are ${describe(frequencies)}`);
  const trie = new NgramTrie();
  const nodes = ngrams.map((units: unknown, column) => {
    if (!Array.isArray(units) || units.length === 0 || !units.every((unit) => isCount(unit) && unit < words.length))
      throw corrupt(`the n-gram of column ${column} is ${describe(units)}`);
    return units.reduce<number>((node, unit: number) => trie.intern(node, unit), ROOT);
  });
  const columnOf = new Int32Array(trie.size).fill(-1);
  nodes.forEach((node, column) => {
    if (columnOf[node] !== -1) throw corrupt(`columns ${columnOf[node]} and ${column} have the same n-gram`);
    columnOf[node] = column;
  });
  const [parents, lasts] = [trie.parents.slice(0, trie.size), trie.lasts.slice(0, trie.size)];
  const parts = { words, parents, lasts, columnOf, frequencies: Int32Array.from(frequencies), ...common };
  return new VocabularyModel(parts, options);
}

function hashedFrom(data: Fields, common: Common, options: BagVectorizerOptions): HashedModel {
  const isColumn = (value: unknown): value is number => isCount(value) && value < options.columns;
  const counted = options.weight === 'tf-idf' ? new Int32Array(options.columns) : undefined;
  for (const [column, frequency] of pairs(data.frequencies, 'frequencies')) {
    if (!counted || !isColumn(column) || !isCount(frequency))
      throw corrupt(`column ${describe(column)} has the frequency ${describe(frequency)}`);
    counted[column] = frequency;
  }
  const names = new ColumnNames(options.rememberedNames);
  for (const [column, texts] of pairs(data.names, 'names')) {
    if (!isColumn(column) || !Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
      throw corrupt(`column ${describe(column)} has the names ${describe(texts)}`);
    for (const text of texts) names.add(column, text);
  }
  return new HashedModel({ frequencies: counted, names, ...common }, options);
}

type Fields = Readonly<Record<string, unknown>>;

function pairs(value: unknown, what: string): readonly (readonly [unknown, unknown])[] {
  if (!Array.isArray(value) || !value.every((pair) => Array.isArray(pair) && pair.length === 2))
    throw corrupt(`its ${what} are ${describe(value)}, not pairs`);
  return value as readonly (readonly [unknown, unknown])[];
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Of a bag that can't be read back. */
export function corrupt(problem: string): UnrolledError {
  return new UnrolledError('MODEL_CORRUPT', `This bag of n-grams is damaged: ${problem}.`, {
    mend: 'Copy the model again from where it was saved, or save it again.',
  });
}
