// Where the texts of a command come from: its arguments are files, stdin, or texts themselves.
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { Example } from '@unrolled/core';
import type { Context } from '../context.ts';
import { usageError } from '../usage.ts';

/** A file or stdin, or a text that was typed. */
export type Source = { readonly path: string } | { readonly example: Example };

/**
 * What `words` and --text name. Nothing at all is stdin, unless a person would have to type it.
 * @throws UnrolledError `ARGUMENT_INVALID`
 */
export function sourcesOf(words: readonly string[], { values, io }: Context): readonly Source[] {
  const texts = values.texts('text').map((text, i) => ({ example: { text, origin: `--text ${i + 1}` } }));
  const given = words.map((word, i): Source => {
    const isPath = word === '-' || (word !== '' && existsSync(resolve(io.cwd, word))) || looksLikePath(word);
    return isPath ? { path: word } : { example: { text: word, origin: `argument ${i + 1}` } };
  });
  const sources = [...given, ...texts];
  if (sources.length > 0) return sources;
  if (!io.stdinIsTerminal) return [{ path: '-' }];
  throw usageError('ARGUMENT_INVALID', 'There is nothing to read.', 'Add texts, files, or - to type lines.');
}

/** A word without spaces that ends like a data file is one that is missing, not a text. */
export function looksLikePath(word: string): boolean {
  return !/\s/.test(word) && ENDINGS.includes(extname(word).toLowerCase());
}

const ENDINGS = ['.csv', '.tsv', '.tab', '.jsonl', '.ndjson', '.txt', '.conll', '.iob', '.bio'];
