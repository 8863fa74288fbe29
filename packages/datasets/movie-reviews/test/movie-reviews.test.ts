// The data set as it must be: sizes, balance, order, texts, and what is said of a file that is not it.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  movieReviews,
  movieReviewsDataset,
  movieReviewsHeldout,
  movieReviewsTrain,
} from '@unrolled/dataset-movie-reviews';
import { describe, expect, test } from 'vitest';
import { parseRows } from '../src/parse.ts';

const file = new URL('../data/mr_same_formatting.tsv', import.meta.url);
const count = (labels: readonly (string | undefined)[], label: string) => labels.filter((one) => one === label).length;

test('the file is the one that SOURCE.md describes', async () => {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  expect(hash).toBe('83005a18f2c071970331acab0bea423c0905579a330ab26edcea6b2ffe9b6c62');
  expect(await readFile(new URL('SOURCE.md', file), 'utf8')).toContain(hash);
});

test('sizes and balance of the splits', async () => {
  const train = (await movieReviewsTrain()).map(({ label }) => label);
  const heldout = (await movieReviewsHeldout()).map(({ label }) => label);
  expect([train.length, count(train, 'positive'), count(train, 'negative')]).toEqual([8467, 4223, 4244]);
  expect([heldout.length, count(heldout, 'positive'), count(heldout, 'negative')]).toEqual([2061, 1030, 1031]);
});

test('texts come whole: quotes and accents inside, none twice, none in both splits', async () => {
  const texts = (await Promise.all([movieReviewsTrain(), movieReviewsHeldout()])).flat().map(({ text }) => text ?? '');
  expect(texts[0]).toMatch(/^The Rock is destined .* ''Conan'' and .* Steven Segal\.$/);
  expect(texts.filter((text) => text.includes('"'))).toHaveLength(1);
  expect(texts).toContain('Touché!');
  expect(new Set(texts).size).toBe(10528);
  expect(texts.every((text) => text.trim() === text && text !== '')).toBe(true);
});

test('examples can be read again, and say where they stand in the file', async () => {
  const all = movieReviewsDataset();
  for (let round = 0; round < 2; round++) {
    let line = 1;
    for await (const { origin } of all) expect(origin).toBe(`mr_same_formatting.tsv:${++line}`);
    expect(line).toBe(10529);
  }
});

test('the plug-in reads the part that its options name', async () => {
  const { value } = await movieReviews
    .examples({ ...movieReviews.options.defaults, split: 'heldout' })
    [Symbol.asyncIterator]()
    .next();
  expect(value).toMatchObject({ split: 'heldout', label: 'positive' });
});

describe('a file that is not the data set', () => {
  const header = 'vader_id\tsplit\tlabel\trating\ttext\n';
  test.each([
    ['an empty file', '', 1],
    ['another header', 'id,text\n', 1],
    ['a file cut off', `${header}1\ttrain\t1\t2.0\tgood mov`, 2],
    ['a missing field', `${header}1\ttrain\t1\t2.0\tgood\n2\ttrain\t1\tgood\n`, 3],
    ['an unknown label', `${header}1\ttrain\t2\t2.0\tgood\n`, 2],
    ['an unknown split', `${header}1\ttest\t1\t2.0\tgood\n`, 2],
    ['an empty text', `${header}1\ttrain\t1\t2.0\t\n`, 2],
    ['a tab in the text', `${header}1\ttrain\t1\t2.0\tgood\tbad\n`, 2],
  ])('%s', (_, text, line) => {
    expect(() => [...parseRows(text)]).toThrow(`mr_same_formatting.tsv:${line}: expected`);
  });

  test('a place where there is none', async () => {
    await expect(
      movieReviewsDataset({ url: new URL('none.tsv', file).href })
        [Symbol.asyncIterator]()
        .next(),
    ).rejects.toMatchObject({
      code: 'DATASET_UNREADABLE',
      cause: { code: 'ENOENT' },
    });
  });

  test('line breaks of Windows are no mistake', () => {
    expect([...parseRows(`${header}1\ttrain\t1\t2.0\tgood\n`.replaceAll('\n', '\r\n'))]).toEqual([
      { text: 'good', label: 'positive', split: 'train', origin: 'mr_same_formatting.tsv:2' },
    ]);
  });
});
