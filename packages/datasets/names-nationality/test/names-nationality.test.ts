// The names as they must be: checksum, counts, splits without a common name, spelling, and that they can be read again.

import { readFile } from 'node:fs/promises';
import { collectExamples, sha256 } from '@unrolled/core';
import {
  namesNationalityDataset,
  namesNationalityTest,
  namesNationalityTrain,
} from '@unrolled/dataset-names-nationality';
import { expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));

test('the file is the one that SOURCE.md describes, and its licence is there', async () => {
  expect((await data('SOURCE.md')).toString()).toContain(sha256(await data('names.tsv')));
  expect((await data('LICENSE.name2nat')).toString()).toMatch(/Apache License/);
});

test('19 labels, 800 names of each to learn from, 100 to choose by, 100 to be tested on', async () => {
  const dev = await collectExamples(namesNationalityDataset({ split: 'dev' }));
  for (const [names, each] of [
    [await namesNationalityTrain(), 800],
    [dev, 100],
    [await namesNationalityTest(), 100],
  ] as const) {
    const counts = new Map<string, number>();
    for (const { label = '' } of names) counts.set(label, (counts.get(label) ?? 0) + 1);
    expect(counts.size).toBe(19);
    expect(new Set(counts.values())).toEqual(new Set([each]));
  }
});

test('no name is there twice, in small letters either; all are trimmed and in NFC', async () => {
  const names = (await collectExamples(namesNationalityDataset())).map(({ text }) => text as string);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(19_000);
  expect(names.every((name) => name === name.trim().normalize('NFC'))).toBe(true);
  expect(Math.max(...names.map((name) => name.length))).toBe(40);
});

test('they can be read again, and say where they stand', async () => {
  const examples = namesNationalityDataset();
  const first = await collectExamples(examples);
  expect(await collectExamples(examples)).toEqual(first);
  expect(first[0]).toEqual({ text: 'Henry Leigh Murray', label: 'English', split: 'train', origin: 'names.tsv:2' });
});

test('a part that there is not is an error with its line', async () => {
  const url = `data:text/plain,${encodeURIComponent('split\tnationality\tname\ntest\tIrish\tA\nheldout\tIrish\tB\n')}`;
  await expect(collectExamples(namesNationalityDataset({ url }))).rejects.toThrow(
    'names.tsv:3: expected train or dev or test',
  );
});
