// Training: what it takes, what it says, how it stops.
import { subwordsTokenizer, type TrainingProgress, trainBytePairEncoding } from '@unrolled/tokenizer-subwords';
import { expect, test } from 'vitest';

const facts = [
  ...Array<string>(5).fill('low'),
  ...Array<string>(2).fill('lower'),
  ...Array<string>(6).fill('newest'),
  ...Array<string>(3).fill('widest'),
];
const settings = { vocabularySize: 300 };

test('learns from sixteen words what HF tokenizers learn', async () => {
  const json = await trainBytePairEncoding(facts, settings);
  const merged = (json.model.merges as readonly (readonly string[])[]).map((pair) => pair.join(''));
  expect(merged).toEqual('es est lo low ew new newest dest idest widest er lower'.split(' '));
  const { tokenize } = subwordsTokenizer(json);
  expect(tokenize('lowest newer').map(({ text }) => text)).toEqual(['low', 'est', 'Ġ', 'new', 'er']);
});

test('the order of texts and how they come make no difference', async () => {
  const json = await trainBytePairEncoding(facts, settings);
  expect(await trainBytePairEncoding([...facts].reverse(), settings)).toEqual(json);
  async function* stream() {
    yield* facts;
  }
  expect(await trainBytePairEncoding(stream(), settings)).toEqual(json);
  expect(await trainBytePairEncoding(new Set(['low']).keys(), settings)).not.toEqual(json);
});

test('stops at the size and at the least frequency', async () => {
  const sizeOf = async (given: Parameters<typeof trainBytePairEncoding>[1]) =>
    Object.keys((await trainBytePairEncoding(facts, given)).model.vocab).length;
  expect(await sizeOf({ vocabularySize: 256 })).toBe(256);
  expect(await sizeOf({ vocabularySize: 260 })).toBe(260);
  expect(await sizeOf({ vocabularySize: 300, minimumFrequency: 5 })).toBe(256 + 7);
  expect(await sizeOf({ vocabularySize: 300, minimumFrequency: 100 })).toBe(256);
});

test('special tokens come first and stay whole', async () => {
  const json = await trainBytePairEncoding(facts, { ...settings, specialTokens: ['<pad>', '<|end|>', '<pad>'] });
  const { tokenize, decode, encode } = subwordsTokenizer(json);
  expect(tokenize('low<|end|>low')).toEqual([
    { text: 'low', start: 0, end: 3, id: 261 },
    { text: '<|end|>', start: 3, end: 10, id: 1 },
    { text: 'low', start: 10, end: 13, id: 261 },
  ]);
  expect(decode(encode('low<|end|>'))).toBe('low<|end|>');
});

test('a lone surrogate counts as U+FFFD', async () => {
  const json = await trainBytePairEncoding(['a\ud800', 'a\ud800'], settings);
  expect(json).toEqual(await trainBytePairEncoding(['a\ufffd', 'a\ufffd'], settings));
});

test('tells how far it has come, and stops when it is told to', async () => {
  function* many() {
    for (let word = 0; word < 60_000; word++) yield ` ${(word * 7919) % 100_003}`;
  }
  const seen: TrainingProgress[] = [];
  await trainBytePairEncoding(many(), { vocabularySize: 400, onProgress: (progress) => seen.push(progress) });
  expect(new Set(seen.map(({ stage }) => stage))).toEqual(new Set(['reading', 'merging']));
  expect(seen.at(-1)).toEqual({ stage: 'merging', tokens: 400, vocabularySize: 400 });

  const stop = new AbortController();
  const reason = new Error('enough');
  const endless = (function* () {
    for (;;) yield 'low lower ';
  })();
  const run = trainBytePairEncoding(endless, {
    vocabularySize: 300,
    signal: stop.signal,
    onProgress: () => stop.abort(reason),
  });
  await expect(run).rejects.toBe(reason);
});

test('a single line of ten million characters', async () => {
  const json = await trainBytePairEncoding(['low newest '.repeat(900_000)], settings);
  expect(subwordsTokenizer(json).tokenize(' newest')).toHaveLength(1);
});

test.each([
  ['one text', 'the river', 'The corpus must be an (async) iterable of texts, but "the river" was given.'],
  ['nothing', undefined, 'The corpus must be an (async) iterable of texts, but undefined was given.'],
  ['examples', [{ text: 'low' }], 'Text 0 of the corpus must be a string, but an object was given.'],
  ['no texts', [], 'The corpus has 0 texts and not one word, so nothing can be learned.'],
  ['empty texts', ['', ''], 'The corpus has 2 texts and not one word, so nothing can be learned.'],
  ['an endless word', ['low', 'x'.repeat(2e6)], 'Text 1 of the corpus has 2000000 characters without a break'],
])('%s for a corpus', async (_, corpus, message) => {
  await expect(trainBytePairEncoding(corpus as Iterable<string>, settings)).rejects.toThrow(message);
});

test('a generator that was read before', async () => {
  const once = facts.values();
  await trainBytePairEncoding(once, settings);
  await expect(trainBytePairEncoding(once, settings)).rejects.toMatchObject({ code: 'CORPUS_EMPTY' });
});

test.each([
  [{ vocabularySize: 255 }, 'must be a whole number from 256 (256 bytes and 0 special tokens) to 1048576, but 255 was'],
  [{ vocabularySize: 257, specialTokens: ['<a>', '<b>'] }, 'from 258 (256 bytes and 2 special tokens)'],
  [{ vocabularySize: 300.5 }, '300.5 was given'],
  [{ vocabularySize: Number.NaN }, 'NaN was given'],
  [{ vocabularySize: 300, minimumFrequency: -1 }, '"minimumFrequency" must be a whole number of at least 0, but -1'],
  [{ vocabularySize: 300, specialTokens: [''] }, 'a special token must be a text of at least one character, but ""'],
])('settings %j', async (given, message) => {
  const run = trainBytePairEncoding(facts, given);
  await expect(run).rejects.toThrow(message);
  await expect(run).rejects.toMatchObject({ code: 'OPTION_INVALID' });
});
