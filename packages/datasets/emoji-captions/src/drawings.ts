// Reads the emoji: a table of names, and a file of drawings in the same order.
import { corruptDataFile, type DataFile, quoted, readDataFile, readDataText, tableRows } from '@unrolled/core';

/** Who drew them: Twemoji (once Twitter's) or Noto Emoji (Google's). */
export type EmojiArtist = 'twemoji' | 'noto';

/** An emoji with its drawing. */
export interface EmojiDrawing {
  /** The emoji itself: `🍕`. */
  readonly emoji: string;
  /** Its name in English: `pizza`. */
  readonly en: string;
  /** Its name in Brazilian Portuguese. */
  readonly pt: string;
  /** One of ten: `Food & Drink`. */
  readonly category: string;
  /** Finer: `food-prepared`. */
  readonly subcategory: string;
  /** Whether it is the emoji as such, or one of its skin tones. */
  readonly kind: 'base' | 'skin';
  /** The part that it belongs to: of the skin tones of an emoji every fifth is in `heldout`, another for each emoji. */
  readonly split: 'train' | 'heldout';
  /** Red, green, blue and opacity of each pixel, `[32, 32, 4]`, from 0 to 255, as a canvas takes them. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** File and line of its names. */
  readonly origin: string;
}

/** Pixels of a side. */
export const side = 32;

const home = '@unrolled/dataset-emoji-captions';
const captions: DataFile = {
  name: 'captions.tsv',
  package: home,
  beside: () => new URL('../data/captions.tsv', import.meta.url),
  option: 'captionsUrl',
};
const drawings: Readonly<Record<EmojiArtist, DataFile>> = {
  twemoji: {
    name: 'twemoji.bin.gz',
    package: home,
    beside: () => new URL('../data/twemoji.bin.gz', import.meta.url),
    option: 'drawingsUrl',
  },
  noto: {
    name: 'noto.bin.gz',
    package: home,
    beside: () => new URL('../data/noto.bin.gz', import.meta.url),
    option: 'drawingsUrl',
  },
};
const columns = ['split', 'kind', 'emoji', 'category', 'subcategory', 'en', 'pt'];
/** Bytes of a file's 256 colours. */
const palette = 256 * 4;

/** All emoji as one artist drew them. @throws UnrolledError `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function* readDrawings(
  artist: EmojiArtist,
  captionsUrl: string,
  drawingsUrl: string,
): AsyncGenerator<EmojiDrawing> {
  const file = drawings[artist];
  const rows = [...tableRows(await readDataText(captions, captionsUrl), captions, columns)];
  const bytes = await readDataFile(file, drawingsUrl);
  const size = palette + rows.length * side * side;
  if (bytes.length !== size) throw corruptDataFile(file, 'unpacked', `${size} bytes`, `${bytes.length}`);
  const colours = new Uint32Array(bytes.slice(0, palette).buffer);
  for (const [index, { fields, line, origin }] of rows.entries()) {
    const [split, kind, ...names] = fields;
    const [emoji, category, subcategory, en, pt] = names as [string, string, string, string, string];
    if ((split !== 'train' && split !== 'heldout') || (kind !== 'base' && kind !== 'skin'))
      throw corruptDataFile(captions, line, 'train or heldout, base or skin', quoted(fields.join('\t')));
    const start = palette + index * side * side;
    const pixels = coloured(bytes.subarray(start, start + side * side), colours);
    yield { emoji, en, pt, category, subcategory, kind, split, pixels, origin };
  }
}

/** A drawing's numbers of colours as the colours themselves, whose four bytes are copied together. */
function coloured(numbers: Uint8Array, colours: Uint32Array): Uint8ClampedArray<ArrayBuffer> {
  return new Uint8ClampedArray(Uint32Array.from(numbers, (number) => colours[number] as number).buffer);
}
