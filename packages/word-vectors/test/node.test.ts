// Files by path: there and back, and what can go wrong with a disk.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { KeyedVectors } from '@unrolled/word-vectors';
import { loadWordVectors, saveWordVectors } from '@unrolled/word-vectors/node';
import { afterAll, expect, test } from 'vitest';
import { golden } from './golden.ts';

const folder = mkdtempSync(join(tmpdir(), 'word-vectors-'));
afterAll(() => rmSync(folder, { recursive: true }));
const vectors = new KeyedVectors({ words: ['a', 'ação'], size: 2, values: Float32Array.of(1, 2, 3, 0.1) });

test.each(['word2vec-text', 'word2vec-binary', 'glove', 'safetensors'] as const)(
  '%s, there and back',
  async (format) => {
    const path = join(folder, format);
    await saveWordVectors(path, vectors, format);
    for (const place of [path, pathToFileURL(path), String(pathToFileURL(path))]) {
      const found = await loadWordVectors(place);
      expect([found.format, found.vectors.words, found.vectors.values]).toEqual([
        format,
        vectors.words,
        vectors.values,
      ]);
    }
  },
);

test('compressed', async () => {
  const path = join(folder, 'vectors.txt.gz');
  writeFileSync(path, gzipSync(golden('gensim.txt')));
  expect((await loadWordVectors(path, { limit: 3 })).vectors.words).toEqual(['rei', 'rainha', 'homem']);
});

test('what is written replaces what was there, or leaves it', async () => {
  const path = join(folder, 'kept');
  await saveWordVectors(path, vectors, 'glove');
  const before = readFileSync(path, 'utf8');
  expect(before).toBe('a 1 2\nação 3 0.1\n');
  const odd = new KeyedVectors({ words: ['a b'], size: 1, values: new Float32Array(1) });
  await expect(saveWordVectors(path, odd, 'glove')).rejects.toThrow("has a space or a newline, which glove can't hold");
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

test('mistakes name the path', async () => {
  const nowhere = join(folder, 'nowhere', 'v.txt');
  await expect(loadWordVectors(nowhere)).rejects.toThrow(
    expect.objectContaining({
      code: 'VECTOR_FILE_MISSING',
      message: expect.stringContaining(`There is no file ${nowhere}.`),
    }),
  );
  await expect(loadWordVectors(folder)).rejects.toThrow(expect.objectContaining({ code: 'VECTOR_FILE_UNREADABLE' }));
  await expect(saveWordVectors(nowhere, vectors, 'glove')).rejects.toThrow(
    expect.objectContaining({ code: 'VECTOR_FILE_UNWRITABLE' }),
  );
  const path = join(folder, 'short.txt');
  writeFileSync(path, '3 1\na 1\n');
  await expect(loadWordVectors(path)).rejects.toThrow(
    `${path}, line 2: the first line says 3 words, but only 1 follow.`,
  );
});

test('a reading that is given up lets go of the file', async () => {
  const path = join(folder, 'given-up.txt');
  for (let turn = 0; turn < 20; turn++) {
    await saveWordVectors(path, vectors, 'glove');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(loadWordVectors(path, { signal })).rejects.toThrow('enough');
    rmSync(path);
    await new Promise((resolve) => setImmediate(resolve)); // an open stream would fail here, where nobody catches it
  }
});
