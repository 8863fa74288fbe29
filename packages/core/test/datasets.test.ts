// Files of data sets: gzipped or not, from disk or over http; tables and documents; what is said of a file that is not one.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import {
  bindDataset,
  collectExamples,
  dataDocuments,
  defineDataset,
  defineOptions,
  flag,
  readDataFile,
  readDataText,
  tableRows,
} from '@unrolled/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fileOf = (name: string) => ({
  name,
  package: '@unrolled/dataset-none',
  beside: () => pathToFileURL(join(folder, name)),
});
const words = 'maçã\n'.repeat(1000);

describe('a file', () => {
  test('is read as it is, or unpacked where its bytes are gzipped, whatever its name says', async () => {
    await writeFile(join(folder, 'plain.gz'), words);
    await writeFile(join(folder, 'packed.txt'), gzipSync(words));
    await writeFile(join(folder, 'empty'), '');
    expect(await readDataText(fileOf('plain.gz'))).toBe(words);
    expect(await readDataText(fileOf('packed.txt'))).toBe(words);
    expect(await readDataText(fileOf('none'), pathToFileURL(join(folder, 'packed.txt')).href)).toBe(words);
    expect(await readDataFile(fileOf('empty'))).toHaveLength(0);
  });

  test('that is gzipped and cut off is an error that says so', async () => {
    await writeFile(join(folder, 'cut'), gzipSync(words).subarray(0, 30));
    await expect(readDataFile(fileOf('cut'))).rejects.toMatchObject({
      code: 'DATASET_CORRUPT',
      message: expect.stringMatching(
        /^cut, 30 bytes: expected a whole gzipped file.*@unrolled\/dataset-none again.*"url"/,
      ),
    });
  });

  test('that is not there is an error that names the place, the option and the cause', async () => {
    await expect(readDataFile({ ...fileOf('none'), option: 'drawings' })).rejects.toMatchObject({
      code: 'DATASET_UNREADABLE',
      message: expect.stringMatching(/^none could not be read from file:.*none\. .*as option "drawings"/),
      cause: { code: 'ENOENT' },
    });
  });

  test('comes over http too, also from a server that unpacks on the way; an answer that is not the file is an error', async () => {
    const packed = gzipSync(words);
    const server = createServer((request, response) => {
      if (request.url === '/encoded') response.setHeader('content-encoding', 'gzip');
      response.statusCode = request.url === '/none' ? 404 : 200;
      response.end(packed);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await readDataText(fileOf('none'), `${home}/encoded`)).toBe(words);
      expect(await readDataText(fileOf('none'), `${home}/as-it-is`)).toBe(words);
      await expect(readDataFile(fileOf('none'), `${home}/none`)).rejects.toMatchObject({ code: 'DATASET_UNREADABLE' });
    } finally {
      server.close();
    }
  });
});

describe('a table', () => {
  const rows = (text: string) => [...tableRows(text, fileOf('table.tsv'), ['name', 'size'])];

  test('gives fields with their lines, also with the line breaks of Windows', () => {
    const expected = [
      { fields: ['pear "green"', '3'], line: 2, origin: 'table.tsv:2' },
      { fields: ['fig', '1'], line: 3, origin: 'table.tsv:3' },
    ];
    const text = 'name\tsize\npear "green"\t3\nfig\t1\n';
    expect(rows(text)).toEqual(expected);
    expect(rows(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  test.each([
    ['an empty file', '', 1],
    ['another header', 'size\tname\n', 1],
    ['a file cut off', 'name\tsize\nfig\t1\npear', 3],
    ['a missing field', 'name\tsize\nfig\n', 2],
    ['an empty field', 'name\tsize\nfig\t\n', 2],
    ['a field too many', 'name\tsize\nfig\t1\nfig\t1\t2\n', 3],
  ])('%s is an error with the line', (_, text, line) => {
    expect(() => rows(text)).toThrow(`table.tsv:${line}: expected`);
  });
});

describe('documents', () => {
  test('come with their names, whole texts and lines', () => {
    const text = '# one\nfirst\n\n#no heading\n# two\n# three\nlast';
    const documents = [
      { name: 'one', text: 'first\n\n#no heading\n', line: 2 },
      { name: 'two', text: '', line: 6 },
      { name: 'three', text: 'last', line: 7 },
    ];
    expect(dataDocuments(text, fileOf('all.txt'))).toEqual(documents);
    expect(dataDocuments(text.replaceAll('\n', '\r\n'), fileOf('all.txt'))).toEqual(documents);
  });

  test.each(['', 'first\n# one\n'])('a file that begins otherwise is an error', (text) => {
    expect(() => dataDocuments(text, fileOf('all.txt'))).toThrow('all.txt:1: expected a line "# name"');
  });
});

test('a bound data set is read anew each time, and refuses options that are wrong', async () => {
  const counting = defineDataset({
    name: 'counting',
    package: '@unrolled/dataset-counting',
    licence: 'none needed',
    options: defineOptions<{ readonly twice: boolean }>({ twice: flag(false, 'To four instead of two.') }),
    examples: async function* ({ twice }) {
      for (let i = 0; i < (twice ? 4 : 2); i++) yield { text: `${i}` };
    },
  });
  const bound = bindDataset(counting, { twice: true });
  expect(await collectExamples(bound)).toHaveLength(4);
  expect(await collectExamples(bound)).toHaveLength(4);
  expect(await collectExamples(bindDataset(counting))).toEqual([{ text: '0' }, { text: '1' }]);
  expect(() => bindDataset(counting, { twice: 1 as unknown as boolean })).toThrow('dataset "counting": option "twice"');
});
