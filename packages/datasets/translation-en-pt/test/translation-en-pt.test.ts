// The texts as they must be: checksum, licences, counts, splits without a common text, both directions, both data sets.

import { readFile } from 'node:fs/promises';
import { collectExamples, sha256 } from '@unrolled/core';
import {
  englishOrPortugueseDataset,
  translationEnPtDataset,
  translationEnPtPairs,
} from '@unrolled/dataset-translation-en-pt';
import { describe, expect, test } from 'vitest';

const data = async (name: string) => (await readFile(new URL(`../data/${name}`, import.meta.url))).toString();
const splits = ['train', 'dev', 'test'] as const;
/** A text without case and marks, as two texts are compared by eye. */
const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_]+/gu, ' ')
    .trim();

test('the file is the one that SOURCE.md describes, and the licence of each source is there', async () => {
  const source = await data('SOURCE.md');
  expect(source).toContain(sha256(await data('translation-en-pt.tsv')));
  const licences = [...source.matchAll(/`((?:LICENSE|TRADEMARK)\.[\w-]+)`/g)].map(([, name]) => name as string);
  expect(new Set(licences).size).toBe(7);
  for (const name of licences) expect((await data(name)).length).toBeGreaterThan(300);
  const stated = [...source.matchAll(/^\| ([\w-]+) \| ([\d,]+) \| .* \|.*\|$/gm)].map(([, name, count]) => [
    name,
    count,
  ]);
  const pairs = await translationEnPtPairs();
  const counted = (name: unknown) => pairs.filter(({ source }) => source === name).length.toLocaleString('en-US');
  expect(stated).toHaveLength(6);
  expect(stated).toEqual(stated.map(([name]) => [name, counted(name)]));
});

describe('translation', () => {
  test('8,753 different pairs of trimmed texts in NFC, split in three', async () => {
    const pairs = await translationEnPtPairs();
    expect(new Set(pairs.map(({ en, pt }) => `${en}\t${pt}`)).size).toBe(8753);
    expect(new Set(pairs.map(({ en }) => en)).size).toBe(8652);
    expect(splits.map((split) => pairs.filter((pair) => pair.split === split).length)).toEqual([6975, 889, 889]);
    expect(pairs.every(({ en, pt }) => [en, pt].every((text) => text === text.trim().normalize('NFC')))).toBe(true);
    expect(pairs.filter(({ en }) => en.split(' ').length > 20)).toEqual([]);
  });

  test.each(['en', 'pt'] as const)('no text in %s is in two splits, whatever its case and marks', async (language) => {
    const places = new Map<string, string>();
    for (const pair of await translationEnPtPairs()) {
      const text = bare(pair[language]);
      expect(`${text}: ${places.get(text) ?? pair.split}`).toBe(`${text}: ${pair.split}`);
      places.set(text, pair.split);
    }
  });

  test('both directions, read again', async () => {
    const there = translationEnPtDataset({ split: 'test' });
    const first = await collectExamples(there);
    expect(await collectExamples(there)).toEqual(first);
    expect(first[0]).toEqual({
      text: 'counter',
      target: 'contador',
      split: 'test',
      origin: 'translation-en-pt.tsv:11',
    });
    const back = await collectExamples(translationEnPtDataset({ from: 'pt', split: 'test' }));
    expect(back.map(({ text, target }) => [target, text])).toEqual(first.map(({ text, target }) => [text, target]));
  });
});

describe('English or Portuguese', () => {
  test('each text once, none of them in both languages, in the split of its pair', async () => {
    const examples = englishOrPortugueseDataset();
    const first = await collectExamples(examples);
    expect(await collectExamples(examples)).toEqual(first);
    expect(first.filter(({ label }) => label === 'English')).toHaveLength(8286);
    expect(first.filter(({ label }) => label === 'Portuguese')).toHaveLength(8331);
    expect(new Set(first.map(({ text }) => bare(text ?? ''))).size).toBe(first.length);
    expect(first.some(({ text }) => text === 'mouse' || text === 'Ok')).toBe(false);
    const byPlace = new Map((await translationEnPtPairs()).map(({ origin, split }) => [origin, split]));
    expect(first.every(({ origin = '', split }) => byPlace.get(origin) === split)).toBe(true);
  });

  test('the parts are those of the whole', async () => {
    const parts = await Promise.all(splits.map((split) => collectExamples(englishOrPortugueseDataset({ split }))));
    expect(parts.map((part) => part.length)).toEqual([13_256, 1677, 1684]);
  });
});

test('a part that there is not is an error with its line', async () => {
  const url = `data:text/plain,${encodeURIComponent('split\ten\tpt\tsource\nother\tcat\tgato\tscratch\n')}`;
  await expect(translationEnPtPairs({ url })).rejects.toThrow('translation-en-pt.tsv:2: expected train or dev or test');
});
