// On all of Shakespeare: the merges and the numbers that HF tokenizers give.
import { createHash } from 'node:crypto';
import { shakespeareText } from '@unrolled/dataset-shakespeare';
import { subwordsOfPlays } from '@unrolled/goldens';
import { subwordsTokenizer, trainBytePairEncoding } from '@unrolled/tokenizer-subwords';
import { expect, test } from 'vitest';

const digest = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

test('trains and encodes the plays', async () => {
  const golden = subwordsOfPlays();
  const text = await shakespeareText();
  const json = await trainBytePairEncoding([text], { vocabularySize: golden.vocabularySize });
  const merges = json.model.merges as readonly (readonly string[])[];
  expect(digest(merges.map((pair) => pair.join(' ')).join('\n'))).toBe(golden.merges);
  const { encode, decode } = subwordsTokenizer(json);
  const ids = encode(text);
  expect(ids).toHaveLength(golden.tokens);
  expect(digest(new Uint8Array(ids.buffer))).toBe(golden.ids);
  expect(decode(ids) === text).toBe(true);
});
