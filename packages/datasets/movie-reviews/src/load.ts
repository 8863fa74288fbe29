// Gets the text of the data file: from disk in Node, by fetch elsewhere.
import { UnrolledError } from '@unrolled/core';
import { fileName } from './parse.ts';

interface FileSystem {
  readonly readFile: (path: URL, encoding: 'utf8') => Promise<string>;
}

type Host = { readonly process?: { readonly getBuiltinModule?: (name: 'node:fs/promises') => FileSystem } };

/**
 * The file's text. `url` is where it lies, if not beside this package's code.
 * @throws UnrolledError `DATASET_UNREADABLE`
 */
export async function loadText(url: string): Promise<string> {
  // Bundlers know this form and copy the file along.
  const beside = new URL('../data/mr_same_formatting.tsv', import.meta.url);
  try {
    return await read(url === '' ? beside : absolute(url));
  } catch (cause) {
    throw new UnrolledError('DATASET_UNREADABLE', `${fileName} could not be read from ${url || beside.href}.`, {
      mend: 'Where a bundler has moved the code, copy the file along and give its address as option "url".',
      cause,
    });
  }
}

/** Addresses may be relative to the page. */
function absolute(url: string): URL {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  return new URL(url, location?.href ?? import.meta.url);
}

/** Node's fetch has no file: addresses. Its file system is asked for in a way that bundlers for browsers don't stumble over. */
async function read(place: URL): Promise<string> {
  const { process } = globalThis as Host;
  const files = place.protocol === 'file:' ? process?.getBuiltinModule?.('node:fs/promises') : undefined;
  if (files) return files.readFile(place, 'utf8');
  const response = await fetch(place);
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
  return response.text();
}
