// The digits as they must be: checksum, counts, splits, pixels, and what is said of a file that is not theirs.

import { readFile } from 'node:fs/promises';
import { sha256 } from '@unrolled/core';
import { mnistDataset, mnistDigits } from '@unrolled/dataset-mnist';
import { expect, test } from 'vitest';

const data = (name: string) => readFile(new URL(`../data/${name}`, import.meta.url));
const counts = (digits: readonly { readonly digit: number }[]) =>
  Array.from({ length: 10 }, (_, wanted) => digits.filter(({ digit }) => digit === wanted).length);

test('the file is the one that SOURCE.md describes, with the licences named', async () => {
  const source = (await data('SOURCE.md')).toString();
  expect(source).toContain(sha256(await data('mnist10k.bin.gz')));
  expect(source).toContain('https://creativecommons.org/licenses/by-sa/3.0/');
  expect((await data('LICENSE.mnist')).toString()).toMatch(/Permission is hereby granted/);
});

test('10,000 different digits, every fifth of each kind to be tested on', async () => {
  const all = await mnistDigits();
  expect(counts(all)).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
  expect(counts(all.filter(({ split }) => split === 'test'))).toEqual([
    200, 225, 198, 206, 196, 172, 202, 214, 188, 195,
  ]);
  expect(new Set(all.map(({ pixels }) => Buffer.from(pixels).toString('latin1'))).size).toBe(10_000);
  const [train, held] = await Promise.all([mnistDigits({ split: 'train' }), mnistDigits({ split: 'test' })]);
  expect([train.length, held.length]).toEqual([8004, 1996]);
  expect(new Set([...train, ...held].map(({ origin }) => origin)).size).toBe(10_000);
});

test('a zero is a ring of ink with a hole; a one is narrower than a zero', async () => {
  const mean = async (wanted: number) => {
    const digits = (await mnistDigits()).filter(({ digit }) => digit === wanted);
    return (at: number) => digits.reduce((sum, { pixels }) => sum + (pixels[at] as number), 0) / digits.length;
  };
  const [zero, one] = [await mean(0), await mean(1)];
  const [middle, left] = [14 * 28 + 14, 14 * 28 + 8];
  expect(zero(middle)).toBeLessThan(30);
  expect(zero(left)).toBeGreaterThan(100);
  expect(one(middle)).toBeGreaterThan(150);
  expect(one(left)).toBeLessThan(30);
});

test('examples are the same digits as rows from 0 to 1, and can be read again', async () => {
  const examples = mnistDataset({ split: 'test' });
  const digits = await mnistDigits({ split: 'test' });
  for (let round = 0; round < 2; round++) {
    let index = 0;
    for await (const { values = [], image, label, origin } of examples) {
      const { digit, pixels, origin: place } = digits[index++] as (typeof digits)[number];
      expect([label, origin]).toEqual([`${digit}`, place]);
      expect(image).toEqual({ width: 28, height: 28, channels: 1 });
      if (index % 100 === 0) expect(values.flat()).toEqual(Array.from(pixels, (value) => value / 255));
    }
    expect(index).toBe(1996);
  }
});

test('a file of another size is refused', async () => {
  await expect(mnistDigits({ url: 'data:text/plain,12345' })).rejects.toMatchObject({
    code: 'DATASET_CORRUPT',
    message: expect.stringMatching(/^mnist10k\.bin\.gz, unpacked: expected 7850000 bytes, but found 5\./),
  });
});
