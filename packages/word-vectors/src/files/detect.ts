// Which format a file is in, from its first bytes.
import { UnrolledError } from '@unrolled/core';
import type { ByteReader } from './byte-reader.ts';
import { FASTTEXT_MAGIC } from './fasttext.ts';
import { latin1, parseHeader } from './header.ts';
import type { VectorFormat } from './read-options.ts';

/** How many bytes are looked at. */
const SAMPLE = 1 << 16;
const SPACE = 0x20;
const NEWLINE = 0x0a;

/** Looks and takes nothing. @throws UnrolledError `VECTOR_FORMAT_UNKNOWN` */
export async function detectFormat(reader: ByteReader, name: string): Promise<VectorFormat> {
  await reader.hold(SAMPLE);
  const sample = reader.bytes.subarray(reader.start, Math.min(reader.end, reader.start + SAMPLE));
  const found = formatOf(sample);
  if (found) return found;
  const problem = sample.length === 0 ? 'it is empty' : 'its first bytes are those of no known format';
  throw new UnrolledError('VECTOR_FORMAT_UNKNOWN', `${name} can't be read: ${problem}.`, {
    mend: 'Vectors are read from the text and the binary of word2vec, the text of GloVe, .vec and .bin of fastText, and safetensors.',
    data: { name },
  });
}

function formatOf(sample: Uint8Array): VectorFormat | undefined {
  const view = new DataView(sample.buffer, sample.byteOffset, sample.length);
  if (sample.length >= 4 && view.getInt32(0, true) === FASTTEXT_MAGIC) return 'fasttext';
  if (sample.length >= 9 && view.getUint32(4, true) === 0 && sample[8] === 0x7b) return 'safetensors';
  const text = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? sample.subarray(3) : sample;
  const newline = text.indexOf(NEWLINE);
  const first = newline < 0 ? text : text.subarray(0, newline);
  const header = first.length < 80 ? parseHeader(latin1(first).replace(/\r$/, '')) : undefined;
  if (!header) return looksLikeText(first, newline < 0) ? 'glove' : undefined;
  const rows = text.subarray(first.length + 1);
  if (header.words === 0 || rows.length === 0) return 'word2vec-text';
  const end = rows.indexOf(NEWLINE);
  return looksLikeText(end < 0 ? rows : rows.subarray(0, end), end < 0) ? 'word2vec-text' : 'word2vec-binary';
}

/** What a number of text is made of; which ones are wrong is for the reader to say. */
const numeral = /^[-+]?(?:[\d.][\d.e+-]*|nan|inf(?:inity)?)$/i;

/** Whether a line is a word and numbers, for the most part. @param cut - whether its last piece may go on. */
function looksLikeText(line: Uint8Array, cut: boolean): boolean {
  const space = line.indexOf(SPACE);
  if (space < 0) return false;
  const end = cut ? line.lastIndexOf(SPACE) : line.length;
  const text = new TextDecoder('latin1').decode(line.subarray(space + 1, end));
  const pieces = text.trim().split(/ +/);
  return pieces.filter((piece) => numeral.test(piece)).length > pieces.length / 2;
}
