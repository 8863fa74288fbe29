// Byte-level BPE gives the numbers that @huggingface/tokenizers gives, on random Unicode.
import * as huggingface from '@huggingface/tokenizers';
import { subwordCases } from '@unrolled/goldens';
import { subwordsTokenizer, type TokenizerJson } from '@unrolled/tokenizer-subwords';
import fc from 'fast-check';
import { expect, test } from 'vitest';

interface Peer {
  encode(text: string, settings: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] };
}
const { Tokenizer } = huggingface as unknown as { Tokenizer: new (json: unknown, settings: unknown) => Peer };

const golden = subwordCases()[0];

// JavaScript's \s holds U+FEFF and lacks U+0085; Unicode's White_Space, which HF tokenizers read, has it the other way round.
const anyText = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(..."the lowest river'sve'll3٣é\u0301 \n\t\u3000👍🏽ß\ud800\udc00中\0.,!<|end|>"),
    }),
    fc.constant('x low '.repeat(50)),
  )
  .filter((text) => !/[\ufeff\u0085]/.test(text));

test('the same numbers', () => {
  const tokenizer = golden?.tokenizer as TokenizerJson;
  const [ours, theirs] = [subwordsTokenizer(tokenizer), new Tokenizer(tokenizer, {})];
  fc.assert(
    fc.property(anyText, (text) => {
      expect([...ours.encode(text)]).toEqual(theirs.encode(text, { add_special_tokens: false }).ids);
    }),
    { numRuns: 1000 },
  );
});
