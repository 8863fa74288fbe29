// A tokenizer.json that can't be read says why.
import { isUnrolledError } from '@unrolled/core';
import {
  fetchTokenizer,
  parseTokenizer,
  subwords,
  subwordsTokenizer,
  type TokenizerJson,
} from '@unrolled/tokenizer-subwords';
import { readTokenizerFile } from '@unrolled/tokenizer-subwords/node';
import { expect, test } from 'vitest';

const bpe = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] };
const unigram = {
  type: 'Unigram',
  unk_id: 0,
  vocab: [
    ['<unk>', 0],
    ['a', -1],
  ],
};
const wordPiece = { type: 'WordPiece', unk_token: '[UNK]', vocab: { '[UNK]': 0, a: 1 } };

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'a tokenizer must be an object, but nothing was found.'],
  ['a list', [], 'a tokenizer must be an object, but an array of 0 was found.'],
  ['no model', {}, 'its "model" must be an object, but nothing was found.'],
  ['a config', { model: { type: 'BPE' } }, 'its model has no "vocab".'],
  ['a number for a vocabulary', { model: { ...bpe, vocab: 3 } }, '"vocab" must hold tokens, but 3 was found.'],
  ['an empty vocabulary', { model: { ...bpe, vocab: {}, merges: [] } }, 'the vocabulary is empty.'],
  [
    'words',
    { model: { type: 'WordLevel', vocab: { a: 0 } } },
    'its model is "WordLevel"; BPE, WordPiece and Unigram can be read.',
  ],
  ['words without a type', { model: { vocab: { a: 0 } } }, 'its model is "WordLevel"'],
  ['another model', { model: { type: 'Tiktoken', vocab: { a: 0 } } }, 'its model is "Tiktoken"'],
  [
    'a merge of an unknown token',
    { model: { ...bpe, merges: [['a', 'c']] } },
    'merge 0 ("a" and "c") needs "c", which is not in the vocabulary.',
  ],
  [
    'a merge to an unknown token',
    { model: { ...bpe, merges: ['a b', 'b a'] } },
    'merge 1 ("b" and "a") needs "ba", which is not in the vocabulary.',
  ],
  [
    'a merge of three',
    { model: { ...bpe, merges: [['a', 'b', 'ab']] } },
    'merge 0 must be a pair of tokens, but an array of 3 was found.',
  ],
  [
    'two tokens of one number',
    { model: { ...bpe, vocab: { a: 0, b: 0 }, merges: [] } },
    '"b" and "a" have the same number 0 in the vocabulary.',
  ],
  [
    'a token twice',
    {
      model: {
        ...unigram,
        vocab: [
          ['<unk>', 0],
          ['a', -1],
          ['a', -2],
        ],
      },
    },
    '"a" stands twice in the vocabulary.',
  ],
  [
    'half a number',
    { model: { ...bpe, vocab: { a: 0.5 }, merges: [] } },
    'the number of "a" must be a whole number from 0 to 16777215, but 0.5 was found.',
  ],
  [
    'an added token with the number of another',
    { model: bpe, added_tokens: [{ id: 1, content: '<s>' }] },
    'the added token "<s>" has the number 1, which is that of "b".',
  ],
  [
    'an added token without text',
    { model: bpe, added_tokens: [{ id: 3, content: '' }] },
    'an added token must have a text as its content, but "" was found.',
  ],
  [
    'an unknown token that is none',
    { model: { ...bpe, unk_token: '<unk>' } },
    '"unk_token" is "<unk>", which is not in the vocabulary.',
  ],
  [
    'WordPiece without an unknown token',
    { model: { ...wordPiece, unk_token: null } },
    'its WordPiece model has no "unk_token".',
  ],
  [
    'Unigram without an unknown token',
    { model: { ...unigram, unk_id: null } },
    'its Unigram model has null for "unk_id"',
  ],
  [
    'Unigram with a vocabulary of numbers',
    { model: { ...unigram, vocab: { a: 0 } } },
    'the vocabulary of its Unigram model must be an array.',
  ],
  [
    'Unigram without scores',
    { model: { ...unigram, vocab: ['<unk>'] } },
    'entry 0 of the vocabulary must be a token with its log probability, but "<unk>" was found.',
  ],
  ['dropout', { model: { ...bpe, dropout: 0.1 } }, 'its model leaves merges out at random (dropout 0.1)'],
  [
    'a normaliser that is not known',
    { model: bpe, normalizer: { type: 'Nmt' } },
    'its normaliser is "Nmt", which is not known.',
  ],
  [
    'a pre-tokenizer that is not known',
    { model: bpe, pre_tokenizer: { type: 'UnicodeScripts' } },
    'its pre-tokenizer is "UnicodeScripts", which is not known.',
  ],
  [
    'a pattern that JavaScript lacks',
    { model: bpe, pre_tokenizer: { type: 'Split', behavior: 'Isolated', pattern: { Regex: '(?<' } } },
    'the pattern "(?<" can\'t be read',
  ],
  [
    'no pattern',
    { model: bpe, pre_tokenizer: { type: 'Split', behavior: 'Isolated' } },
    'a pattern must be {"String": …} or {"Regex": …}, but undefined was found.',
  ],
  [
    'a behavior that is not known',
    { model: bpe, pre_tokenizer: { type: 'Punctuation', behavior: 'Kept' } },
    'Punctuation has the behavior "Kept".',
  ],
  ['a decoder that is not known', { model: bpe, decoder: { type: 'Morse' } }, "its decoder can't be read"],
  [
    'a step that is no object',
    { model: bpe, decoder: 'ByteLevel' },
    'its "decoder" must be an object, but "ByteLevel" was found.',
  ],
])('%s', (_, json, message) => {
  const read = () => subwordsTokenizer(json as TokenizerJson);
  expect(read).toThrow(`tokenizer.json: ${message}`);
  try {
    read();
  } catch (error) {
    expect(isUnrolledError(error, 'TOKENIZER_INVALID')).toBe(true);
  }
  const checked = subwords.options['~standard'].validate({ tokenizer: json });
  if (json !== undefined) expect(checked.issues?.[0]?.message).toContain(message);
});

test('files of early versions name no model', () => {
  const texts = (model: object) =>
    subwordsTokenizer({ model } as TokenizerJson)
      .tokenize('ab')
      .map(({ text }) => text);
  const early = ({ type: _, ...model }: { readonly type: string }) => model;
  expect(texts(early(bpe))).toEqual(['ab']);
  expect(texts(early(unigram))).toEqual(['a', 'b']);
  expect(texts(early({ ...wordPiece, continuing_subword_prefix: '##' } as typeof wordPiece))).toEqual(['[UNK]']);
});

test('text that is no tokenizer.json', () => {
  expect(() => parseTokenizer('{')).toThrow('tokenizer.json: this is no JSON:');
  expect(() => parseTokenizer('[1]')).toThrow('a tokenizer must be an object, but an array of 1 was found.');
});

test('files and addresses that are not there', async () => {
  await expect(readTokenizerFile('/nowhere/tokenizer.json')).rejects.toMatchObject({ code: 'TOKENIZER_READ_FAILED' });
  await expect(fetchTokenizer('data:application/json,[]')).rejects.toMatchObject({ code: 'TOKENIZER_INVALID' });
  await expect(fetchTokenizer('nowhere:tokenizer.json')).rejects.toMatchObject({ code: 'TOKENIZER_READ_FAILED' });
  const address = `data:application/json,${encodeURIComponent(JSON.stringify({ model: bpe }))}`;
  expect(subwordsTokenizer(await fetchTokenizer(address)).idOf('ab')).toBe(2);
});

test('a number that the vocabulary lacks', () => {
  const { decode } = subwordsTokenizer({ model: bpe } as TokenizerJson);
  expect(() => decode([0, 7])).toThrow('No token has the number 7; numbers go up to 2.');
});
