// What all examples share: data that are not installed, limits, and the list.
import { expect, test } from 'vitest';
import { examples, limited, loadData } from '../src/index.ts';

test('data that are not installed are named with the install line', async () => {
  const name = '@unrolled/dataset-that-nobody-made';
  await expect(loadData(name, () => import(/* @vite-ignore */ name))).rejects.toMatchObject({
    code: 'DATA_NOT_INSTALLED',
    mend: `Install it with: npm install ${name}`,
    data: { package: name },
  });
});

test('an error of the data themselves is not taken for that', async () => {
  const broken = new Error('broken');
  await expect(loadData('any', () => Promise.reject(broken))).rejects.toBe(broken);
});

test('a limit draws evenly from all', () => {
  const context = { seed: 1, print: () => {}, note: () => {} };
  const all = Array.from({ length: 10 }, (_, index) => index);
  expect(limited(all, context)).toEqual(all);
  expect(limited(all, { ...context, limit: 5 })).toEqual([0, 2, 4, 6, 8]);
  expect(limited(all, { ...context, limit: 20 })).toEqual(all);
});

test('each example has a name of its own, a summary and its data', () => {
  expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
  for (const { name, summary, data } of examples) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(summary.length).toBeGreaterThan(10);
    for (const each of data) expect(each).toMatch(/^@unrolled\/dataset-/);
  }
});
