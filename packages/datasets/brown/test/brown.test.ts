// The corpus as it must be: checksum, counts, splits, tags, the baseline, and what is said of a file that is not it.

import { readFile } from 'node:fs/promises';
import { collectExamples, sha256 } from '@unrolled/core';
import {
  type BrownExample,
  brownDataset,
  brownSentences,
  brownTest,
  brownTrain,
  simpleTag,
} from '@unrolled/dataset-brown';
import { beforeAll, describe, expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));
let train: BrownExample[];
let held: BrownExample[];
beforeAll(async () => {
  [train, held] = await Promise.all([brownTrain(), brownTest()]);
});

test('the file is the one that SOURCE.md describes, and the terms it comes with are there', async () => {
  expect((await data('SOURCE.md')).toString()).toContain(sha256(await data('brown.txt.gz')));
  expect((await data('README.brown')).toString()).toMatch(/redistribution permitted/);
});

test('sentences, words and tags', () => {
  const count = (sentences: readonly BrownExample[]) => sentences.reduce((sum, { tokens }) => sum + tokens.length, 0);
  expect([train.length, held.length]).toEqual([51_698, 5_642]);
  expect([count(train), count(held)]).toEqual([1_045_389, 115_803]);
  const tags = new Set([...train, ...held].flatMap(({ labels }) => labels));
  expect([tags.size, new Set([...tags].map(simpleTag)).size]).toEqual([472, 85]);
  expect(train.every(({ tokens, labels }) => tokens.length === labels.length)).toBe(true);
});

test('the splits have no document in common: 450 and every tenth', () => {
  const documents = (sentences: readonly BrownExample[]) => new Set(sentences.map(({ origin }) => origin.slice(0, 4)));
  const tested = documents(held);
  expect([documents(train).size, tested.size]).toEqual([450, 50]);
  expect([...documents(train)].filter((name) => tested.has(name))).toEqual([]);
  expect([...tested].slice(0, 5)).toEqual(['ca10', 'ca20', 'ca30', 'ca40', 'cb06']);
});

test('words with slashes, tags with additions, and marks', () => {
  expect(train[0]).toMatchObject({ split: 'train', origin: 'ca01:1' });
  expect(train[0]?.text).toMatch(
    /^The Fulton County Grand Jury said Friday an investigation of Atlanta's recent primary/,
  );
  expect(train[0]?.labels.slice(0, 3)).toEqual(['at', 'np-tl', 'nn-tl']);
  const slashed = train.find(({ text }) => text.includes('13-1/2'));
  expect(slashed?.labels[slashed.tokens.indexOf('13-1/2')]).toBe('cd');
});

test.each([
  ['np-tl', 'np'],
  ['np$', 'np'],
  ['np+bez', 'np'],
  ['fw-nn', 'fw'],
  ['bez*', 'bez'],
  ['--', '--'],
  ['*', '*'],
])('simple tag of %s', (tag, simple) => {
  expect(simpleTag(tag)).toBe(simple);
});

test('the most frequent tag of each word is right as often as SOURCE.md says', () => {
  const byWord = new Map<string, Map<string, number>>();
  for (const { tokens, labels } of train)
    for (const [i, token] of tokens.entries()) {
      const word = token.toLowerCase();
      const counts = byWord.get(word) ?? new Map<string, number>();
      byWord.set(word, counts);
      counts.set(labels[i] as string, (counts.get(labels[i] as string) ?? 0) + 1);
    }
  expect(shareRight(byWord, (tag) => tag)).toBeCloseTo(0.872, 3);
  expect(shareRight(byWord, simpleTag)).toBeCloseTo(0.903, 3);
});

/** Of the words of the test part; `nn` is the most frequent of all tags. */
function shareRight(byWord: ReadonlyMap<string, ReadonlyMap<string, number>>, change: (tag: string) => string): number {
  const best = new Map([...byWord].map(([word, counts]) => [word, mostFrequent(counts, change)]));
  let right = 0;
  for (const { tokens, labels } of held)
    for (const [i, token] of tokens.entries())
      if ((best.get(token.toLowerCase()) ?? 'nn') === change(labels[i] as string)) right += 1;
  return right / 115_803;
}

function mostFrequent(counts: ReadonlyMap<string, number>, change: (tag: string) => string): string | undefined {
  const changed = new Map<string, number>();
  for (const [tag, count] of counts) changed.set(change(tag), (changed.get(change(tag)) ?? 0) + count);
  return [...changed].sort((a, b) => b[1] - a[1])[0]?.[0];
}

describe('read again', () => {
  test('the data set gives the same, with simple tags where asked', async () => {
    const examples = brownDataset({ split: 'test', tags: 'simple' });
    const first = await collectExamples(examples);
    expect(await collectExamples(examples)).toEqual(first);
    expect(first.map(({ labels }) => labels)).toEqual(held.map(({ labels }) => labels.map(simpleTag)));
  });

  test('a word without a tag is an error with its line', async () => {
    const url = `data:text/plain,${encodeURIComponent('# ca01\nThe/at jury/nn\nsaid/vbd so\n')}`;
    await expect(brownSentences({ url })).rejects.toMatchObject({
      code: 'DATASET_CORRUPT',
      message: expect.stringMatching(/^brown\.txt\.gz:3: expected word\/tag, but found "so"/),
    });
  });
});
