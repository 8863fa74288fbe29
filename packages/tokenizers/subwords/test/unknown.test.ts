// Characters that no token stands for, in each kind of model.
import { subwordsTokenizer, type TokenizerJson } from '@unrolled/tokenizer-subwords';
import { expect, test } from 'vitest';

const shown = (model: object, text: string, more: object = {}) =>
  subwordsTokenizer({ model, ...more } as TokenizerJson)
    .tokenize(text)
    .map((token) => `${token.text} ${token.start}–${token.end}`);

const bpe = { type: 'BPE', vocab: { '<unk>': 0, a: 1, b: 2, ab: 3 }, merges: ['a b'] };
const bytes = { '<0xC3>': 4, '<0xA9>': 5 };

test('BPE: dropped, as HF tokenizers do, unless there is a token for them', () => {
  expect(shown(bpe, 'abéab')).toEqual(['ab 0–2', 'ab 3–5']);
  expect(shown({ ...bpe, unk_token: '' }, 'é')).toEqual([]);
  expect(shown({ ...bpe, unk_token: '<unk>' }, 'ab👍éb')).toEqual(['ab 0–2', '<unk> 2–4', '<unk> 4–5', 'b 5–6']);
  expect(shown({ ...bpe, unk_token: '<unk>', fuse_unk: true }, '👍éb')).toEqual(['<unk> 0–3', 'b 3–4']);
});

test('BPE with bytes: the bytes, or the unknown token where one of them has none', () => {
  const withBytes = { ...bpe, vocab: { ...bpe.vocab, ...bytes }, unk_token: '<unk>', byte_fallback: true };
  expect(shown(withBytes, 'aéè')).toEqual(['a 0–1', '<0xC3> 1–2', '<0xA9> 1–2', '<unk> 2–3']);
});

test('byte-level BPE without all bytes', () => {
  const level = { pre_tokenizer: { type: 'ByteLevel', use_regex: true } };
  expect(shown(bpe, 'abéab', level)).toEqual(['ab 0–2', 'ab 3–5']);
  expect(shown({ ...bpe, unk_token: '<unk>', fuse_unk: true }, 'éb', level)).toEqual(['<unk> 0–1', 'b 1–2']);
});

test('WordPiece: the whole word; Unigram: neighbours together, by their own text', () => {
  const wordPiece = { type: 'WordPiece', unk_token: '?', vocab: { '?': 0, a: 1, '##b': 2 } };
  const spaces = { pre_tokenizer: { type: 'WhitespaceSplit' } };
  expect(shown(wordPiece, 'ab aé 👍', spaces)).toEqual(['a 0–1', '##b 1–2', '? 3–5', '? 6–8']);
  expect(shown({ ...wordPiece, max_input_chars_per_word: 1 }, 'ab a', spaces)).toEqual(['? 0–2', 'a 3–4']);
  const unigram = {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['a', -1],
    ],
  };
  expect(shown(unigram, 'a👍éa')).toEqual(['a 0–1', '👍é 1–4', 'a 4–5']);
});
