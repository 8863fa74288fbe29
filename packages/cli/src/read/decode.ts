// Bytes → text in a given encoding. Bytes that are not valid in it are an error that names the line and the byte.
import { isAscii, isUtf8 } from 'node:buffer';
import { UnrolledError } from '@unrolled/core';

/** Encodings by the names that people use; `latin1` means windows-1252, as in the WHATWG Encoding Standard. */
export const ENCODINGS = ['utf-8', 'windows-1252', 'latin1', 'utf-16le', 'utf-16be'] as const;

/** One of {@link ENCODINGS}. */
export type Encoding = (typeof ENCODINGS)[number];

/** What {@link decode} needs to know. */
export interface DecodeOptions {
  /** The file's name, for messages. */
  readonly name: string;
  /** Encoding; where none is given, a byte-order mark decides, else it is UTF-8. */
  readonly encoding?: Encoding | undefined;
  /** Told what a reader should know, e.g. that a byte-order mark chose the encoding. */
  readonly note: (sentence: string) => void;
}

/**
 * Decodes a stream strictly; a byte-order mark is taken off.
 * @throws UnrolledError `ENCODING_INVALID` with the line and the byte offset; `FORMAT_UNKNOWN` for a zip or gzip file
 */
export async function* decode(
  bytes: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<string, void, void> {
  let piece: Uint8Array = new Uint8Array();
  let decoder: Decoder | undefined;
  for await (const chunk of bytes) {
    piece = piece.length > 0 ? Buffer.concat([piece, chunk]) : chunk;
    if (piece.length < 4) continue; // enough for any byte-order mark
    decoder ??= begin(piece, options);
    const { text, rest } = decoder(piece, false);
    piece = rest;
    if (text) yield text;
  }
  decoder ??= begin(piece, options);
  const { text } = decoder(piece, true);
  if (text) yield text;
}

/** Decodes what it can of a piece; `rest` is an unfinished character to put before the next piece. */
type Decoder = (piece: Uint8Array, last: boolean) => { readonly text: string; readonly rest: Uint8Array };

function begin(start: Uint8Array, options: DecodeOptions): Decoder {
  const { name, note } = options;
  refuseArchive(start, name);
  const mark = byteOrderMark(start);
  const encoding = options.encoding ?? mark?.encoding ?? 'utf-8';
  if (mark && options.encoding === undefined && encoding !== 'utf-8')
    note(`${name}: encoding ${encoding}, by its byte-order mark`);
  let skip = mark?.encoding === encoding ? mark.length : 0;
  if (encoding === 'windows-1252' || encoding === 'latin1') return windows1252(options);

  const whole = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let line = 1;
  let offset = 0;
  return (given, last) => {
    const piece = given.subarray(skip);
    offset += skip;
    skip = 0;
    const end = last ? piece.length : piece.length - unfinished(piece, encoding);
    let text: string;
    try {
      text = whole.decode(piece.subarray(0, end));
    } catch {
      throw invalid(piece.subarray(0, end), { encoding, line, offset, name, start });
    }
    if (encoding === 'utf-8' && text.includes('\0')) throw nulByte(text, name, line);
    line += count(text, '\n');
    offset += end;
    return { text, rest: piece.subarray(end) };
  };
}

/** Number of bytes at the end of `piece` that begin a character whose rest is still to come. */
function unfinished(piece: Uint8Array, encoding: Encoding): number {
  const { length } = piece;
  if (encoding !== 'utf-8') {
    const odd = length % 2;
    const high = piece[length - odd - (encoding === 'utf-16le' ? 1 : 2)] ?? 0;
    return odd + ((high & 0xfc) === 0xd8 ? 2 : 0);
  }
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = piece[length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? back : 0;
  }
  return 0;
}

interface Place {
  readonly encoding: Encoding;
  readonly line: number;
  readonly offset: number;
  readonly name: string;
  readonly start: Uint8Array;
}

/** Finds the first wrong byte by decoding byte after byte; slow, but only on the way to an error. */
function invalid(piece: Uint8Array, { encoding, name, ...place }: Place): UnrolledError {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let line = place.line;
  let at = 0; // where the character begins that is being decoded
  try {
    for (let next = 0; next < piece.length; next++) {
      const text = decoder.decode(piece.subarray(next, next + 1), { stream: true });
      if (text) at = next + 1;
      line += count(text, '\n');
    }
  } catch {
    const byte = `0x${(piece[at] as number).toString(16).padStart(2, '0')}`;
    const mend = byteOrderMark(place.start)
      ? 'Leave out --encoding: its byte-order mark says what it is.'
      : encoding === 'utf-8'
        ? 'If the file comes from an older Windows program, try --encoding windows-1252.'
        : 'Leave out --encoding to read it as UTF-8.';
    return new UnrolledError(
      'ENCODING_INVALID',
      `${name}:${line}: byte ${byte} at offset ${place.offset + at} is not valid ${encoding}.`,
      { mend, data: { name, line, offset: place.offset + at, encoding } },
    );
  }
  return new UnrolledError('ENCODING_INVALID', `${name}:${line}: the file ends inside a character of ${encoding}.`, {
    mend: 'It is truncated or in another encoding: get it again, or say --encoding.',
    data: { name, line, offset: place.offset + piece.length, encoding },
  });
}

function nulByte(text: string, name: string, line: number): UnrolledError {
  const at = line + count(text.slice(0, text.indexOf('\0')), '\n');
  return new UnrolledError('ENCODING_INVALID', `${name}:${at}: a zero byte is not text in UTF-8.`, {
    mend: 'If the file was saved as "Unicode" on Windows, try --encoding utf-16le.',
    data: { name, line: at, encoding: 'utf-8' },
  });
}

function refuseArchive(start: Uint8Array, name: string): void {
  const is = (...magic: number[]) => magic.every((byte, i) => start[i] === byte);
  const what = is(0x50, 0x4b, 3, 4) ? 'a zip archive (an .xlsx workbook is one)' : is(0x1f, 0x8b) ? 'a gzip file' : '';
  if (what)
    throw new UnrolledError('FORMAT_UNKNOWN', `${name} is ${what}, not text.`, {
      mend: 'Unpack it, or export the sheet as CSV in UTF-8.',
    });
}

function byteOrderMark(start: Uint8Array): { readonly encoding: Encoding; readonly length: number } | undefined {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

// Node's TextDecoder reads 0x80–0x9f of windows-1252 as control characters in many versions (nodejs/node#56542), so
// this is Latin-1 with the 27 characters of that block put in; the other five are controls in the standard as well.
const BLOCK_80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function windows1252({ name, note }: DecodeOptions): Decoder {
  let said = false;
  return (piece) => {
    const whole = piece.subarray(0, piece.length - unfinished(piece, 'utf-8'));
    if (!said && isUtf8(whole) && !isAscii(whole)) {
      said = true;
      note(`warning: ${name} looks like UTF-8; leave out --encoding to read it as that`);
    }
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
      .toString('latin1')
      .replace(/[\x80-\x9f]/g, (control) => BLOCK_80[control.charCodeAt(0) - 0x80] as string);
    return { text, rest: new Uint8Array() };
  };
}

function count(text: string, what: string): number {
  let found = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) found++;
  return found;
}
