// Files: those of gensim, fastText and others, there and back, in pieces of any size.
import { gzipSync } from 'node:zlib';
import {
  KeyedVectors,
  type ReadOptions,
  readWordVectors,
  type VectorFormat,
  type WrittenFormat,
  writeWordVectors,
} from '@unrolled/word-vectors';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answers, golden } from './golden.ts';

const { words, size } = answers;
const vectors = new KeyedVectors({ words, size, values: Float32Array.from(answers.vectors) });
const bytes = (text: string) => new TextEncoder().encode(text);

function joined(pieces: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  return new Uint8Array([...pieces].flatMap((piece) => [...piece]));
}

/** The bytes in pieces of `length`. */
async function* pieces(of: Uint8Array, length: number): AsyncGenerator<Uint8Array, void, void> {
  for (let from = 0; from < of.length; from += length) yield of.subarray(from, from + length);
}

const read = async (text: string, options: ReadOptions = {}) => await readWordVectors(bytes(text), options);
const rows = ({ words: of, values, size: width }: KeyedVectors) =>
  of.map((word, i) => [word, ...values.subarray(i * width, (i + 1) * width)]);

describe('files of others', () => {
  const files: [string, VectorFormat][] = [
    ['gensim.txt', 'word2vec-text'],
    ['gensim.bin', 'word2vec-binary'],
    ['word2vec-c.bin', 'word2vec-binary'],
    ['glove.txt', 'glove'],
    ['python.safetensors', 'safetensors'],
  ];

  test.each(files)('%s is seen to be %s and read to the bit', async (name, format) => {
    const file = golden(name);
    for (const source of [
      file,
      pieces(file, 1),
      pieces(file, 7),
      pieces(gzipSync(file), 100),
      new Blob([file]).stream(),
    ]) {
      const found = await readWordVectors(source, { name });
      expect(found.format).toBe(format);
      expect(found.vectors.words).toEqual(words);
      expect(found.vectors.values).toEqual(vectors.values);
    }
  });

  test.each(files)('the first words of %s', async (name) => {
    for (const limit of [1, 17, words.length, 1000]) {
      const found = await readWordVectors(golden(name), { limit });
      expect(rows(found.vectors)).toEqual(rows(vectors).slice(0, limit));
    }
  });
});

describe("fastText's own files", () => {
  test.each(['ngrams', 'words', 'supervised'] as const)('%s', async (name) => {
    const theirs = answers.fasttext[name];
    const { vectors: found, format, fasttext } = await readWordVectors(pieces(golden(`fasttext-${name}.bin`), 11));
    expect(format).toBe('fasttext');
    expect(found.words).toEqual(theirs.words);
    expect(found.counts).toEqual(theirs.counts);
    expect(fasttext?.labels).toEqual(theirs.labels);
    expect(fasttext?.arguments).toMatchObject({ dim: size, minCount: 1, epoch: 3 });
    const hasNgrams = name === 'ngrams';
    for (const [word, vector] of Object.entries(theirs.vectors))
      if (found.has(word) || hasNgrams)
        for (const [i, value] of found.vector(word).entries()) expect(value).toBeCloseTo(vector[i] as number, 8);
      else expect(() => found.vector(word)).toThrow(expect.objectContaining({ code: 'WORD_UNKNOWN' }));
    expect(Object.keys(theirs.vectors).filter((word) => !found.has(word)).length).toBeGreaterThan(3);
  });

  test('the first words keep their n-grams', async () => {
    const { vectors: found } = await readWordVectors(golden('fasttext-ngrams.bin'), { limit: 3 });
    expect(found.words).toEqual(answers.fasttext.ngrams.words.slice(0, 3));
    const [word = ''] = answers.fasttext.ngrams.words.slice(10);
    const whole = await readWordVectors(golden('fasttext-ngrams.bin'));
    expect(found.has(word)).toBe(false);
    expect(found.vector(word)).not.toEqual(whole.vectors.vector(word)); // no row of its own any more
    expect(found.vector('unseen')).toEqual(whole.vectors.vector('unseen'));
  });
});

describe('what is written', () => {
  const formats: WrittenFormat[] = ['word2vec-text', 'word2vec-binary', 'glove', 'safetensors'];

  test.each(formats)('%s is read back to the bit', async (format) => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    const word = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[ \n]|\p{Surrogate}/u.test(text));
    const some = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.uniqueArray(word, { minLength: 1, maxLength: 6 }).chain((of) =>
        fc.record({
          words: fc.constant(of),
          size: fc.constant(width),
          values: fc.array(number, { minLength: width * of.length, maxLength: width * of.length }),
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 1, max: 50 }), async (data, length) => {
        const given = new KeyedVectors({ ...data, values: Float32Array.from(data.values) });
        const found = await readWordVectors(pieces(joined(writeWordVectors(given, format)), length), { format });
        expect(found.vectors.words).toEqual(given.words);
        expect(found.vectors.values).toEqual(given.values);
      }),
    );
  });

  test.each(formats)('%s of many words comes in pieces', async (format) => {
    const many = Array.from({ length: 9_000 }, (_, i) => `word${i}`);
    const given = new KeyedVectors({
      words: many,
      size: 3,
      values: Float32Array.from({ length: 27_000 }, (_, i) => i / 7),
    });
    const written = [...writeWordVectors(given, format)];
    if (format !== 'safetensors') expect(Math.max(...written.map((piece) => piece.length))).toBeLessThan(100_000);
    const found = await readWordVectors(written);
    expect(found.vectors.values).toEqual(given.values);
    expect(found.vectors.words).toEqual(many);
  });

  test('safetensors holds words of any kind, counts and n-grams', async () => {
    const subwords = { minimum: 2, maximum: 4, values: Float32Array.of(1, 2, 3, 4) };
    const data = {
      words: ['', 'a b', '\n', '\uD800', '"'],
      size: 1,
      values: new Float32Array(5),
      counts: [9, 3, 2, 1, 2 ** 40],
      subwords,
    };
    const { vectors: found } = await readWordVectors(writeWordVectors(new KeyedVectors(data), 'safetensors'));
    expect([found.words, found.counts, found.subwords]).toEqual([data.words, data.counts, subwords]);
  });

  test.each(['a b', 'a\nb', '', '\uDC00x', 'x\uD800'])('%j fits no other format', (word) => {
    const odd = new KeyedVectors({ words: ['x', word], size: 1, values: new Float32Array(2) });
    for (const format of formats)
      if (format !== 'safetensors')
        expect(() => writeWordVectors(odd, format)).toThrow(
          expect.objectContaining({ code: 'WORD_UNWRITABLE', message: expect.stringContaining('Word 2, ') }),
        );
  });
});

describe('text', () => {
  test('words may have spaces where the size is known: by the first line, a header, or said', async () => {
    const lines = 'of\u00a0x 1 2\nat name@x.org 3 4 \n1 2 5 6\n';
    const expected = [
      ['of\u00a0x', 1, 2],
      ['at name@x.org', 3, 4],
      ['1 2', 5, 6],
    ];
    expect(rows((await read(lines)).vectors)).toEqual(expected);
    expect(rows((await read(`3 2\n${lines}`)).vectors)).toEqual(expected);
    expect(rows((await read(`. . . 0.5 1\n${lines}`, { format: 'glove', size: 2 })).vectors)).toEqual([
      ['. . .', 0.5, 1],
      ...expected,
    ]);
    expect(rows((await read('x 1.5 2 3\n', { format: 'glove', size: 2 })).vectors)).toEqual([['x 1.5', 2, 3]]);
  });

  test('CRLF, a byte-order mark, spaces at ends, runs of spaces, empty lines at the end, no newline at the end', async () => {
    const { vectors: found } = await read('\ufeff2 3\r\na 1  2   3 \r\nb -.5 +1e2 1.E-3\r\n\r\n \n');
    expect(rows(found)).toEqual([
      ['a', 1, 2, 3],
      ['b', -0.5, 100, Math.fround(0.001)],
    ]);
    expect(rows((await read('a 1\nb 2')).vectors)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('numbers are what Number makes of them', async () => {
    const digits = fc.stringMatching(/^[-+]?(\d{1,25}\.?\d{0,25}|\.\d{1,25})(e[-+]?\d{1,2})?$/);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(digits, fc.float({ noNaN: true, noDefaultInfinity: true }).map(String)),
        async (number) => {
          fc.pre(Number.isFinite(Math.fround(Number(number))));
          const { vectors: found } = await read(`x ${number}`, { format: 'glove' });
          expect(found.values[0]).toBe(Math.fround(Number(number)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('no words at all, where the first line says so', async () => {
    expect((await read('0 3\n')).vectors.words).toEqual([]);
  });
});

describe('words that are not as they should be', () => {
  const broken = Uint8Array.of(...bytes('2 1\nca'), 0xff, ...bytes(' 1\nb 2\n'));

  test('bytes that are no UTF-8 are refused, or replaced and listed', async () => {
    await expect(readWordVectors(broken, { name: 'v.txt' })).rejects.toThrow(
      expect.objectContaining({
        code: 'WORD_NOT_UTF8',
        message: expect.stringContaining('v.txt, line 2: the word "ca\ufffd" is not UTF-8.'),
      }),
    );
    const found = await readWordVectors(broken, { invalidText: 'replace' });
    expect([found.vectors.words, found.replaced]).toEqual([['ca\ufffd', 'b'], ['ca\ufffd']]);
  });

  test('a word that comes again is refused, or left out and listed', async () => {
    const twice = '4 1\na 1\nb 2\na 3\na 4\n';
    await expect(read(twice)).rejects.toThrow('line 4: the word "a" comes again; it was word 1.');
    const found = await read(twice, { duplicates: 'first' });
    expect([rows(found.vectors), found.duplicates]).toEqual([
      [
        ['a', 1],
        ['b', 2],
      ],
      ['a', 'a'],
    ]);
  });
});

describe('a long reading', () => {
  const long = bytes(Array.from({ length: 300_000 }, (_, i) => `w${i} ${i / 4}`).join('\n'));

  test('says how far it is, piece by piece', async () => {
    const progress: { bytes: number; words: number }[] = [];
    await readWordVectors(long, { onProgress: (at) => progress.push(at) });
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.at(-1)?.bytes).toBe(long.length);
    for (const [i, { bytes: so, words: far }] of progress.entries()) {
      expect(so).toBeGreaterThan(progress[i - 1]?.bytes ?? 0);
      expect(far).toBeGreaterThanOrEqual(progress[i - 1]?.words ?? 0);
    }
  });

  test('stops when asked, and lets its source go', async () => {
    const controller = new AbortController();
    let released = false;
    async function* source() {
      try {
        yield* pieces(long, 10_000);
      } finally {
        released = true;
      }
    }
    const stopped = readWordVectors(source(), {
      signal: controller.signal,
      onProgress: ({ bytes: so }) => so > 100_000 && controller.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(released).toBe(true);
    await expect(readWordVectors(source(), { limit: 5 })).resolves.toBeDefined();
  });

  test('lets the page breathe', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const many = bytes(`x ${'1.23456789 '.repeat(1000)}\n`);
    await readWordVectors(
      (function* () {
        for (let i = 0; i < 3000; i++) yield i === 0 ? many : bytes(`x${i} ${'1.23456789 '.repeat(1000)}\n`);
      })(),
    );
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});
