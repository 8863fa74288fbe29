// Damaged files: each mistake is named with its place, and whatever a file holds, reading it ends in vectors or such an error.
import { gzipSync } from 'node:zlib';
import { isUnrolledError } from '@unrolled/core';
import { type ByteSource, type ReadOptions, readWordVectors, type VectorFormat } from '@unrolled/word-vectors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden } from './golden.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function expectRefused(file: ByteSource | string, problem: string, options: ReadOptions = {}): Promise<void> {
  const source = typeof file === 'string' ? bytes(file) : file;
  await expect(readWordVectors(source, { name: 'v', ...options })).rejects.toThrow(
    expect.objectContaining({
      code: expect.stringMatching(/^VECTOR_F/),
      message: expect.stringContaining(problem),
    }),
  );
}

describe('text', () => {
  test.each([
    ['an empty file', '', "v can't be read: it is empty"],
    ['an empty line', '\n', 'those of no known format'],
    ['a picture', '\x89PNG\r\n\x1a\n\0\0', 'those of no known format'],
    ['prose', 'It was a bright cold day\nin April\n', 'those of no known format'],
    ['tabs for spaces', 'a\t1\t2\n', 'those of no known format'],
    ['fewer numbers', '2 2\na 1 2\nb 1\n', 'v, line 3: the word is followed by 1 number, but 2 were expected'],
    ['fewer numbers, no header', 'a 1 2\nb 1\n', 'v, line 2: the word is followed by 1 number, but 2 were expected'],
    ['more numbers, no header', 'a 1.5 2.5\nb 1.5 2.5 3.5\n', 'line 2: the word is followed by 3 numbers, but 2 were'],
    ['no number', '2 2\na 1 2\nb 1 x2\n', 'v, line 3: number 2 is "x2", not a finite number of float32'],
    ['NaN', 'a 1 nan\nb 1 2', 'v, line 1: number 2 is "nan"'],
    ['an infinity', 'a 1 2\nb -inf 2', 'v, line 2: number 1 is "-inf"'],
    ['a number beyond float32', 'a 1 1e39', 'v, line 1: number 2 is "1e39"'],
    ['too few lines', '3 1\na 1\nb 2\n', 'v, line 3: the first line says 3 words, but only 2 follow'],
    ['too many lines', '1 1\na 1\nb 2\n', 'v, line 3: the first line says 1 words, but more follow'],
    ['an empty line between', 'a 1\n\nb 2\n', 'v, line 2: it is empty, but more lines follow'],
    ['no word', '1 2\n 1 2\n', 'v, line 2: there is no word before the numbers'],
    ['size 0', '1 0\na\n', 'v, line 1: it says that vectors have 0 numbers'],
    ['a huge size', '1 999999999999\na 1', 'v, line 1: it says that vectors have 999999999999 numbers'],
    ['many words promised', '999999999999999 2\na 1 2', 'says 999999999999999 words, but only 1 follow'],
  ])('%s', async (_, file, problem) => {
    await expectRefused(file, problem);
  });

  test('a wrong first line', async () => {
    await expectRefused('a 1 2\n', 'v, line 1: it must be the number of words and the size of vectors', {
      format: 'word2vec-text',
    });
    await expectRefused('-1 2\na 1 2', 'v, line 1: it must be', { format: 'word2vec-binary' });
    await expectRefused('', 'v, line 1: it must be', { format: 'word2vec-text' });
    await expectRefused('', 'v, line 1: the file is empty', { format: 'glove' });
    await expectRefused('word\n', 'v, line 1: there is no space', { format: 'glove' });
  });

  test('a line without end', async () => {
    await expectRefused(new Uint8Array(40_000_000).fill(0x61), 'v, line 1: it is longer than 16777216 bytes', {
      format: 'glove',
    });
    await expectRefused(`9 9\n${'a'.repeat(20_000_000)}`, 'v, line 2: it is longer than', { format: 'word2vec-text' });
  });
});

describe('binary', () => {
  const good = golden('gensim.bin');
  const header = good.indexOf(0x0a) + 1;

  test('cut anywhere it says within which word', async () => {
    const second = good.indexOf(0x20, header) + 1 + 24;
    await expectRefused(good.subarray(0, header), `v, byte ${header}: it ends within word 1 of 39`, {
      format: 'word2vec-binary',
    });
    for (let length = header + 1; length < second; length++)
      await expectRefused(good.subarray(0, length), `v, byte ${header}: it ends within word 1 of 39`, {
        format: 'word2vec-binary',
      });
    await expectRefused(good.subarray(0, second + 3), `v, byte ${second}: it ends within word 2 of 39`);
    await expectRefused(good.subarray(0, -1), 'it ends within word 39 of 39');
  });

  test('bytes left over', async () => {
    const more = new Uint8Array([...good, 1]);
    await expectRefused(more, `v, byte ${good.length}: the first line says 39 words, but more bytes follow`);
    const fewer = new Uint8Array(good);
    fewer.set(bytes('38'));
    await expectRefused(fewer, 'the first line says 38 words, but more bytes follow');
  });

  test('numbers that are not finite', async () => {
    const odd = new Uint8Array(good);
    const at = odd.indexOf(0x20, header) + 1;
    new DataView(odd.buffer).setFloat32(at + 8, Number.NaN, true);
    await expectRefused(odd, `v, byte ${header} (word 1): number 3 is NaN, not a finite number`);
  });

  test('no space after a word', async () => {
    const endless = new Uint8Array(100_000).fill(0x61);
    endless.set(bytes('5 5\n'));
    await expectRefused(endless, 'v, byte 4: there is no space after a word within 65536 bytes', {
      format: 'word2vec-binary',
    });
  });
});

describe("fastText's .bin", () => {
  const good = golden('fasttext-ngrams.bin');

  /** The golden with an int32 at `at`. */
  function changed(at: number, value: number): Uint8Array {
    const file = new Uint8Array(good);
    new DataView(file.buffer).setInt32(at, value, true);
    return file;
  }

  test.each([
    ['another version', 4, 13, 'it has version 13; versions 11 and 12 are read'],
    ['size 0', 8, 0, 'vectors have 0 numbers'],
    ['another size', 8, 7, 'its matrix has 6 columns, but vectors have 7 numbers'],
    ['buckets below 0', 40, -1, 'have -1 buckets'],
    ['other buckets', 40, 41, 'its matrix has 80 rows, but there are 40 words and 41 buckets'],
    ['lengths the wrong way', 44, 9, 'n-grams are 9 to 4 long'],
    ['more entries than words', 64, 41, 'its dictionary says 41 entries, but 40 words and 0 labels'],
    ['a pruned dictionary', 84, 0, 'it was made smaller (quantised)'],
  ])('%s', async (_, at, value, problem) => {
    const file = changed(at, value);
    if (at === 84) new DataView(file.buffer).setInt32(88, 0, true); // the upper half of −1
    await expectRefused(file, problem);
  });

  test('cut within every part', async () => {
    const dictionary = 92;
    const matrix = good.length - 40 * 24 - 17 - 80 * 24 - 17;
    await expectRefused(good.subarray(0, 30), 'v, byte 28: it ends within its arguments');
    await expectRefused(good.subarray(0, dictionary + 9), `v, byte ${dictionary}: it ends within its dictionary`);
    await expectRefused(good.subarray(0, matrix), 'it ends within its matrix');
    await expectRefused(good.subarray(0, matrix + 100), 'it ends within row 4 of the 80 of its matrix');
  });
});

describe('compressed', () => {
  const file = gzipSync(golden('gensim.txt'));

  test('a damaged archive', async () => {
    await expectRefused(file.subarray(0, 500), "v can't be decompressed");
    const odd = new Uint8Array(file);
    odd.fill(0xff, 100, 140);
    await expectRefused(odd, "v can't be decompressed");
  });

  test('what its source throws comes as it is', async () => {
    async function* failing() {
      yield file.subarray(0, 50);
      throw new RangeError('the cable');
    }
    await expect(readWordVectors(failing())).rejects.toThrow(new RangeError('the cable'));
  });
});

describe('what is no source or option', () => {
  test.each([
    [['text'] as never, {}, 'SOURCE_INVALID'],
    [bytes('a 1'), { limit: 0 }, 'OPTION_INVALID'],
    [bytes('a 1'), { format: 'word2vec' as VectorFormat }, 'OPTION_INVALID'],
    [bytes('a 1'), { duplicates: 'last' as 'first' }, 'OPTION_INVALID'],
  ])('%#', async (source, options, code) => {
    await expect(readWordVectors(source, options)).rejects.toThrow(expect.objectContaining({ code }));
  });
});

describe('whatever a file holds', () => {
  const files = [
    'gensim.txt',
    'gensim.bin',
    'word2vec-c.bin',
    'glove.txt',
    'python.safetensors',
    'fasttext-ngrams.bin',
  ];
  const formats: VectorFormat[] = ['word2vec-text', 'word2vec-binary', 'glove', 'fasttext', 'safetensors'];

  /** Vectors that fit, or an error of ours. */
  async function expectOrderly(file: Uint8Array, options: ReadOptions): Promise<void> {
    try {
      const { vectors } = await readWordVectors([file.subarray(0, 30), file.subarray(30)], options);
      expect(vectors.values.length).toBe(vectors.words.length * vectors.size);
      expect(vectors.values.every((value) => Number.isFinite(value))).toBe(true);
    } catch (error) {
      if (!isUnrolledError(error)) throw error;
    }
  }

  const interesting = fc.oneof(fc.nat(255), fc.constantFrom(0x20, 0x0a, 0x30, 0x39, 0x2e, 0, 0xff, 0x80, 0x7f));
  const change = fc.record({ at: fc.nat(), byte: interesting, keep: fc.boolean() });

  test.each(files)('%s with any bytes changed, cut or doubled', async (name) => {
    const good = golden(name);
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.option(fc.nat(good.length)),
        fc.option(fc.constantFrom(...formats), { nil: undefined }),
        fc.constantFrom('refuse', 'replace'),
        fc.constantFrom('refuse', 'first'),
        async (changes, cut, format, invalidText, duplicates) => {
          const file = [...good];
          for (const { at, byte, keep } of changes) {
            // half of the changes are near the beginning, where sizes are
            const place = keep ? at % file.length : at % Math.min(file.length, 100);
            if (byte === 0x7f) file.splice(place, 1);
            else if (byte === 0x80) file.splice(place, 0, ...file.slice(place, place + 9));
            else file[place] = byte;
          }
          const options: ReadOptions = { ...(format ? { format } : {}), invalidText, duplicates };
          await expectOrderly(Uint8Array.from(cut === null ? file : file.slice(0, cut)), options);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('any bytes at all, as any format', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(undefined, ...formats),
        async (file, format) => {
          await expectOrderly(file, format ? { format } : {});
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('sizes that lie take no memory', async () => {
    const before = process.memoryUsage();
    for (const lie of [
      '999999999999 16777216\na 1',
      '4294967296 300\na 1',
      '1 16777216\na 1',
      '4294967295 16777216\na ',
    ])
      for (const format of ['word2vec-text', 'word2vec-binary'] as const)
        for (const byteLength of [undefined, 30])
          await expect(
            readWordVectors([bytes(lie)], { format, ...(byteLength ? { byteLength } : {}) }),
          ).rejects.toThrow(expect.objectContaining({ code: 'VECTOR_FILE_INVALID' }));
    const fasttext = new Uint8Array(golden('fasttext-ngrams.bin'));
    const view = new DataView(fasttext.buffer);
    view.setInt32(40, 2 ** 31 - 41, true);
    const rows = fasttext.length - 40 * 24 - 17 - 80 * 24 - 16;
    view.setBigInt64(rows, BigInt(2 ** 31 - 1), true);
    await expectRefused([fasttext.subarray(0, 100), fasttext.subarray(100)], 'its matrix');
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(100_000_000);
  });
});
