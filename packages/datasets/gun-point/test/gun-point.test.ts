// The movements as they must be: checksum, counts, shapes, no information but order, and what is said of a file not theirs.

import { readFile } from 'node:fs/promises';
import { collectExamples, type Example, sha256 } from '@unrolled/core';
import { gunPointDataset, gunPointTest, gunPointTrain } from '@unrolled/dataset-gun-point';
import { expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));
const numbers = ({ values = [] }: Example): number[] => values.map(([value]) => value as number);

test('the file is the one that SOURCE.md describes, and the licence it was passed on under is there', async () => {
  expect((await data('SOURCE.md')).toString()).toContain(sha256(await data('gun-point.tsv.gz')));
  expect((await data('LICENSE.aeon')).toString()).toMatch(/^BSD 3-Clause License/);
});

test('50 and 150 movements of 150 numbers, none of them in both splits', async () => {
  const [train, held] = await Promise.all([gunPointTrain(), gunPointTest()]);
  const guns = (examples: readonly Example[]) => examples.filter(({ label }) => label === 'gun').length;
  expect([train.length, guns(train), held.length, guns(held)]).toEqual([50, 24, 150, 76]);
  const all = [...train, ...held];
  expect(all.every(({ values = [] }) => values.length === 150 && values.every((step) => step.length === 1))).toBe(true);
  expect(new Set(all.map(({ values }) => JSON.stringify(values))).size).toBe(200);
});

test('each has mean 0 and standard deviation 1', async () => {
  for (const example of await collectExamples(gunPointDataset())) {
    const mean = numbers(example).reduce((sum, value) => sum + value, 0) / 150;
    const variance = numbers(example).reduce((sum, value) => sum + (value - mean) ** 2, 0) / 149;
    expect([mean, Math.sqrt(variance)].map((value) => value.toFixed(3).replace('-0.000', '0.000'))).toEqual([
      '0.000',
      '1.000',
    ]);
  }
});

test('they can be read again', async () => {
  const examples = gunPointDataset({ split: 'train' });
  const first = await collectExamples(examples);
  expect(await collectExamples(examples)).toEqual(first);
  expect(first[0]).toMatchObject({ split: 'train', origin: 'gun-point.tsv.gz:2' });
  expect(numbers(first[0] as Example).slice(0, 2)).toEqual([-0.6478854, -0.64199155]); // as in GunPoint_TRAIN.ts
});

test.each([`train\t3\t${'1 '.repeat(149)}1`, 'train\t1\t1 2 3', `train\t1\t${'1 '.repeat(149)}x`])(
  '%s is no row of it',
  async (row) => {
    const url = `data:text/plain,${encodeURIComponent(`split\tlabel\tsteps\n${row}\n`)}`;
    await expect(collectExamples(gunPointDataset({ url }))).rejects.toThrow(
      'gun-point.tsv.gz:2: expected train or test',
    );
  },
);
