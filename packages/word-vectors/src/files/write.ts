// Writes vectors in the formats that others read, piece by piece.
import { UnrolledError } from '@unrolled/core';
import type { KeyedVectors } from '../keyed-vectors.ts';
import type { VectorFormat } from './read-options.ts';
import { encodeVectors } from './safetensors.ts';

/** Formats that are written. `word2vec-text` serves as fastText's .vec, too. */
export type WrittenFormat = Exclude<VectorFormat, 'fasttext'>;

/** Pieces are at least so long, but for the last. */
const PIECE = 1 << 16;
const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * The bytes of a file, in pieces. Text has as many digits as give the same float32 back (up to nine). The binary has
 * word2vec.c's newline after each vector. Counts and n-grams are held by `safetensors` alone.
 *
 * @throws UnrolledError `WORD_UNWRITABLE`, before anything is written, for a word that the format can't hold: an empty one,
 * one with a space or a newline, or one with a lone surrogate; `safetensors` holds every word
 */
export function writeWordVectors(vectors: KeyedVectors, format: WrittenFormat): Iterable<Uint8Array<ArrayBuffer>> {
  if (format !== 'safetensors') checkWords(vectors.words, format);
  switch (format) {
    case 'safetensors':
      return [encodeVectors(vectors)];
    case 'word2vec-binary':
      return binary(vectors);
    case 'word2vec-text':
      return text(vectors, header(vectors));
    case 'glove':
      return text(vectors, '');
    default:
      throw new UnrolledError('OPTION_INVALID', `Vectors can't be written in the format "${format as string}".`, {
        mend: 'Write word2vec-text, word2vec-binary, glove or safetensors.',
      });
  }
}

const unwritable = /[ \n]|^$|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function checkWords(words: readonly string[], format: WrittenFormat): void {
  const wrong = words.findIndex((word) => unwritable.test(word));
  if (wrong < 0) return;
  const word = words[wrong] as string;
  const why = word === '' ? 'is empty' : /[ \n]/.test(word) ? 'has a space or a newline' : 'has a lone surrogate';
  throw new UnrolledError(
    'WORD_UNWRITABLE',
    `Word ${wrong + 1}, ${JSON.stringify(word)}, ${why}, which ${format} can't hold.`,
    {
      mend: 'Write safetensors, or replace it.',
      data: { word },
    },
  );
}

function header({ words, size }: KeyedVectors): string {
  return `${words.length} ${size}\n`;
}

function* text({ words, size, values }: KeyedVectors, first: string): Generator<Uint8Array<ArrayBuffer>, void, void> {
  let piece = first;
  for (const [row, word] of words.entries()) {
    piece += word;
    for (let i = row * size; i < (row + 1) * size; i++) piece += ` ${digitsOf(values[i] as number)}`;
    piece += '\n';
    if (piece.length < PIECE) continue;
    yield encoder.encode(piece);
    piece = '';
  }
  if (piece) yield encoder.encode(piece);
}

/** Nine digits always give a float32 back; eight mostly do. */
function digitsOf(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const eight = value.toPrecision(8);
  const digits = Math.fround(Number(eight)) === value ? eight : value.toPrecision(9);
  return digits.endsWith('0') && !digits.includes('e') ? String(Number(digits)) : digits;
}

function* binary(vectors: KeyedVectors): Generator<Uint8Array<ArrayBuffer>, void, void> {
  const { words, size, values } = vectors;
  yield encoder.encode(header(vectors));
  let piece = new Uint8Array(PIECE);
  let length = 0;
  for (const [row, word] of words.entries()) {
    const bytes = encoder.encode(`${word} `);
    const needed = bytes.length + 4 * size + 1;
    if (length > 0 && length + needed > piece.length) {
      yield piece.subarray(0, length);
      [piece, length] = [new Uint8Array(Math.max(PIECE, needed)), 0];
    } else if (needed > piece.length) piece = new Uint8Array(needed);
    piece.set(bytes, length);
    const view = new DataView(piece.buffer, length + bytes.length);
    for (let i = 0; i < size; i++) view.setFloat32(4 * i, values[row * size + i] as number, true);
    length += needed;
    piece[length - 1] = 0x0a;
  }
  if (length > 0) yield piece.subarray(0, length);
}
