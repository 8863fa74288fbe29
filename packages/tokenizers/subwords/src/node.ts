// The Node entry, @unrolled/tokenizer-subwords/node: a tokenizer.json from a file.
import { readFile } from 'node:fs/promises';
import { UnrolledError } from '@unrolled/core';
import { parseTokenizer } from './read-tokenizer.ts';
import type { TokenizerJson } from './tokenizer-json.ts';

/**
 * Reads a tokenizer.json from a file.
 * @param path - or a `file:` URL.
 * @throws UnrolledError `TOKENIZER_READ_FAILED` where it can't be read, `TOKENIZER_INVALID` where it is something else
 */
export async function readTokenizerFile(path: string | URL): Promise<TokenizerJson> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UnrolledError('TOKENIZER_READ_FAILED', `${path} could not be read: ${(error as Error).message}.`, {
      mend: 'Give the path of a tokenizer.json.',
      cause: error,
    });
  }
  return parseTokenizer(text);
}
