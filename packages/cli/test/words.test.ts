// ngrams, embed neighbors and embed analogy: what they print, from files and stdin, and what they say of mistakes.
import { KeyedVectors, type WrittenFormat, writeWordVectors } from '@unrolled/word-vectors';
import { describe, expect, test } from 'vitest';
import { World } from './world.ts';

const cat = 'The cat sat on the mat.';

describe('ngrams', () => {
  test('of a text, the most frequent first, then as they come', async () => {
    const { code, stdout, stderr } = await new World().run(['ngrams', cat, '--up-to', '2']);
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual([
      '2  the',
      '1  cat',
      '1  sat',
      '1  on',
      '1  mat',
      '1  the cat',
      '1  cat sat',
      '1  sat on',
      '1  on the',
      '1  the mat',
    ]);
    expect(stderr).toBe('1 text: 10 n-grams, 11 in all\n');
  });

  test('those of characters, of a size, in their own case, as JSON Lines and CSV', async () => {
    const world = new World();
    const line = ['ngrams', 'Ab,b', '--unit', 'characters', '--from', '2', '--no-lowercase', '--quiet'];
    expect((await world.run([...line, '--json'])).stdout).toBe(
      '{"ngram":"Ab","count":1}\n{"ngram":"b,","count":1}\n{"ngram":",b","count":1}\n',
    );
    expect((await world.run([...line, '--format', 'csv'])).stdout).toBe('ngram,count\nAb,1\n"b,",1\n",b",1\n');
  });

  test('over files, texts and stdin together; no n-gram reaches from one text into the next', async () => {
    const world = new World({ 'a.txt': 'one two\none two\n', 'b.csv': 'text,label\ntwo one,x\n' });
    const line = 'ngrams a.txt b.csv - --from 2 --minimum-count 2 --json';
    const { stdout, stderr } = await world.run(line, { input: 'one two\n' });
    expect(stdout).toBe('{"ngram":"one two","count":3}\n');
    expect(stderr).toContain('4 texts: 2 n-grams, 4 in all; 1 shown');
    expect((await world.run(`${line} --top 1`)).code).toBe(0);
  });

  test.each([
    ['ngrams x --from 3 --up-to 2', 1, 'option "to" must be at least option "from", but from is 3 and to is 2'],
    ['ngrams x --up-to 0', 2, '--up-to must be a whole number of at least 1'],
    ['ngrams x --unit lines', 1, 'option "unit" must be one of words, characters'],
    ['ngrams missing.txt', 1, 'There is no file missing.txt.'],
  ])('%s', async (line, code, message) => {
    const found = await new World().run(line);
    expect(found.stderr).toContain(message);
    expect(found.code).toBe(code);
  });
});

const vectors = new KeyedVectors({
  words: ['king', 'queen', 'man', 'woman', 'apple'],
  size: 3,
  values: Float32Array.of(3, 1, 1, 3, 2, 1, 1, 1, 1, 1, 2, 1, -1, 0, 2),
});

function fileOf(format: WrittenFormat): Uint8Array {
  return Buffer.concat([...writeWordVectors(vectors, format)]);
}

describe('embed', () => {
  test.each(['word2vec-text', 'word2vec-binary', 'glove', 'safetensors'] as const)(
    'neighbors in %s',
    async (format) => {
      const world = new World({ vectors: fileOf(format) });
      const { code, stdout, stderr } = await world.run('embed neighbors vectors king --count 2');
      expect(code).toBe(0);
      expect(stdout).toBe('queen  0.9670\nman    0.8704\n');
      expect(stderr).toBe(`vectors: 5 words of 3 numbers, ${format}\n`);
    },
  );

  test('several words, some from stdin; as JSON', async () => {
    const world = new World({ v: fileOf('glove') });
    const settings = { input: 'man\r\n\nwoman\n' };
    const drawn = await world.run('embed neighbors v king - --count 1 --quiet', settings);
    expect(drawn.stdout).toBe('king\n  queen  0.9670\nman\n  woman  0.9428\nwoman\n  man  0.9428\n');
    const { stdout } = await world.run('embed neighbors v - --count 1 --most-frequent 2 --json', { input: 'man\n' });
    expect(JSON.parse(stdout)).toEqual({
      word: 'man',
      neighbors: [{ word: 'queen', similarity: expect.closeTo(6 / Math.sqrt(42), 6) }],
    });
  });

  test('an analogy', async () => {
    const world = new World({ v: fileOf('word2vec-binary') });
    for (const method of ['3CosAdd', '3CosMul']) {
      const { stdout } = await world.run(`embed analogy v man king woman --count 1 --method ${method} --json`);
      expect(JSON.parse(stdout)).toMatchObject({
        a: 'man',
        b: 'king',
        c: 'woman',
        method,
        neighbors: [{ word: 'queen' }],
      });
    }
  });

  test('a part of a file, and a file that is let pass', async () => {
    const world = new World({ v: Buffer.from('a 1 2\nb 2 1\na 1 1\nc\xff 1 0\n', 'latin1') });
    const part = await world.run('embed neighbors v a --limit 2');
    expect(part.stdout).toBe('b  0.8000\n');
    const refused = await world.run('embed neighbors v a');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'error WORD_REPEATED: v, line 3: the word "a" comes again; it was word 1.\nAdd --lenient',
    );
    const { stdout, stderr } = await world.run('embed neighbors v a --lenient');
    expect(stdout).toBe('b   0.8000\nc\ufffd  0.4472\n');
    expect(stderr).toContain('v: 3 words of 2 numbers, glove; 1 repeated and left out, 1 not UTF-8');
  });

  test.each([
    ['embed neighbors v kng', 1, 'error WORD_UNKNOWN: "kng" is not among the 5 words.\nDid you mean "king"?'],
    ['embed neighbors v', 2, 'embed neighbors needs more arguments.'],
    ['embed analogy v man king', 2, 'Write unrolled embed analogy VECTORS A B C.'],
    ['embed neighbors x king', 1, 'error FILE_MISSING: There is no file x.'],
    ['embed neighbors . king', 2, '. is no file of vectors.'],
    ['embed neighbors v king --input-format fasttext', 1, 'v, byte 4: it does not begin as a .bin of fastText does.'],
    ['embed neighbors v king --count none', 2, '--count must be a whole number'],
    ['embed neigbors v king', 2, 'There is no command embed neigbors.\nDid you mean embed neighbors?'],
  ])('%s', async (line, code, message) => {
    const found = await new World({ v: fileOf('glove') }).run(line);
    expect(found.stderr).toContain(message);
    expect([found.code, found.stdout]).toEqual([code, '']);
  });

  test('Ctrl-C ends a reading quietly', async () => {
    const controller = new AbortController();
    controller.abort();
    const world = new World({ v: fileOf('glove') });
    const { code, stdout, stderr } = await world.run('embed neighbors v king', { signal: controller.signal });
    expect([code, stdout, stderr]).toEqual([130, '', '']);
  });
});
