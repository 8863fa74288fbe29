// Reads a file that a data set's package carries: from disk in Node, by fetch elsewhere; what is gzipped is unpacked.
import { UnrolledError } from '../errors.ts';

/** A file that a data set's package carries. */
export interface DataFile {
  /** Its name, for messages and origins. */
  readonly name: string;
  /** The npm package that carries it. */
  readonly package: string;
  /** Where it lies: `() => new URL('../data/NAME', import.meta.url)`, written so, since bundlers know this form and copy the file along. */
  readonly beside: () => URL;
  /** The option that names another place; `url` where left out. */
  readonly option?: string;
}

interface FileSystem {
  readonly readFile: (path: URL) => Promise<Uint8Array<ArrayBuffer>>;
}

type Host = { readonly process?: { readonly getBuiltinModule?: (name: 'node:fs/promises') => FileSystem } };

/**
 * The file's bytes. Whether they are gzipped is told by the bytes and not by the name, since some servers unpack a `.gz` on
 * the way.
 * @param url - where it lies, if not beside the package's code; `''` for there. Relative to the page in a browser.
 * @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` where a gzipped file is cut off
 */
export async function readDataFile(file: DataFile, url = ''): Promise<Uint8Array<ArrayBuffer>> {
  let place = url;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    const from = url === '' ? file.beside() : absolute(url);
    place = from.href;
    bytes = await read(from);
  } catch (cause) {
    throw new UnrolledError(
      'DATASET_UNREADABLE',
      `${file.name} could not be read from ${url || place || 'its package'}.`,
      {
        mend: `Where a bundler has moved the code, copy the file along and give its address as option "${file.option ?? 'url'}".`,
        cause,
      },
    );
  }
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? unpack(file, bytes) : bytes;
}

/** The file's text, which is UTF-8. Parameters and errors as of {@link readDataFile}. */
export async function readDataText(file: DataFile, url = ''): Promise<string> {
  return new TextDecoder().decode(await readDataFile(file, url));
}

/**
 * The error of a file that is not the one of its package: `DATASET_CORRUPT`.
 * @param place - the line, from 1, or a sentence's part that says where: `byte 7`.
 */
export function corruptDataFile(
  file: DataFile,
  place: number | string,
  expected: string,
  found: string,
): UnrolledError {
  const where = typeof place === 'number' ? `${file.name}:${place}` : `${file.name}, ${place}`;
  return new UnrolledError('DATASET_CORRUPT', `${where}: expected ${expected}, but found ${found}.`, {
    mend: `Install ${file.package} again, or give the right file as option "${file.option ?? 'url'}".`,
  });
}

/** Addresses may be relative to the page. */
function absolute(url: string): URL {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  return new URL(url, location?.href ?? import.meta.url);
}

/** Node's fetch has no file: addresses. Its file system is asked for in a way that bundlers for browsers don't stumble over. */
async function read(place: URL): Promise<Uint8Array<ArrayBuffer>> {
  const { process } = globalThis as Host;
  const files = place.protocol === 'file:' ? process?.getBuiltinModule?.('node:fs/promises') : undefined;
  if (files) return files.readFile(place);
  const response = await fetch(place);
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function unpack(file: DataFile, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch {
    throw corruptDataFile(file, `${bytes.length} bytes`, 'a whole gzipped file', 'one that is cut off or damaged');
  }
}
