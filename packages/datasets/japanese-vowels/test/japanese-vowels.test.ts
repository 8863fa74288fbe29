// The utterances as they must be: checksum, counts, shapes, first numbers, and what is said of a file that is not theirs.

import { readFile } from 'node:fs/promises';
import { collectExamples, sha256 } from '@unrolled/core';
import { japaneseVowelsDataset, japaneseVowelsTest, japaneseVowelsTrain } from '@unrolled/dataset-japanese-vowels';
import { expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));

test('the file is the one that SOURCE.md describes, and the licence it was passed on under is there', async () => {
  expect((await data('SOURCE.md')).toString()).toContain(sha256(await data('japanese-vowels.tsv.gz')));
  expect((await data('LICENSE.aeon')).toString()).toMatch(/^BSD 3-Clause License/);
});

test('270 and 370 utterances by nine speakers', async () => {
  const count = (labels: readonly (string | undefined)[]) =>
    [...'123456789'].map((speaker) => labels.filter((label) => label === speaker).length);
  const [train, held] = await Promise.all([japaneseVowelsTrain(), japaneseVowelsTest()]);
  expect(count(train.map(({ label }) => label))).toEqual(Array(9).fill(30));
  expect(count(held.map(({ label }) => label))).toEqual([31, 35, 88, 44, 29, 24, 40, 50, 29]);
});

test('7 to 29 steps of 12 numbers; no utterance in both splits', async () => {
  const all = await collectExamples(japaneseVowelsDataset());
  const lengths = all.map(({ values = [] }) => values.length);
  expect([all.length, Math.min(...lengths), Math.max(...lengths)]).toEqual([640, 7, 29]);
  expect(
    all.every(({ values = [] }) => values.every((step) => step.length === 12 && step.every(Number.isFinite))),
  ).toBe(true);
  expect(new Set(all.map(({ values }) => JSON.stringify(values))).size).toBe(640);
});

test('they can be read again: steps are rows', async () => {
  const examples = japaneseVowelsDataset({ split: 'train' });
  const first = await collectExamples(examples);
  expect(await collectExamples(examples)).toEqual(first);
  expect(first[0]).toMatchObject({ label: '1', split: 'train', origin: 'japanese-vowels.tsv.gz:2' });
  // The first numbers of the first three channels, and the second of the first, in JapaneseVowels_TRAIN.ts.
  expect(first[0]?.values?.[0]?.slice(0, 3)).toEqual([1.860936, -0.207383, 0.261557]);
  expect(first[0]?.values?.[1]?.[0]).toBe(1.891651);
});

test.each(['train\t1\t1,2,3', `train\t1\t${'1,'.repeat(11)}x`, `dev\t1\t${'1,'.repeat(11)}1`])(
  '%s is no row of it',
  async (row) => {
    const url = `data:text/plain,${encodeURIComponent(`split\tlabel\tsteps\n${row}\n`)}`;
    await expect(collectExamples(japaneseVowelsDataset({ url }))).rejects.toThrow(
      'japanese-vowels.tsv.gz:2: expected train or test',
    );
  },
);
