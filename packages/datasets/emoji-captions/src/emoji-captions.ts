// Emoji and their names as a data set for captions of pictures.
import {
  bindDataset,
  choice,
  type Dataset,
  defineDataset,
  defineOptions,
  type Example,
  flag,
  parseOptions,
  text,
} from '@unrolled/core';
import { type EmojiArtist, type EmojiDrawing, readDrawings, side } from './drawings.ts';

/** Options of the emoji. */
export interface EmojiCaptionsOptions {
  /** Who drew them. */
  readonly artist: EmojiArtist;
  /** The language of the captions. */
  readonly language: 'en' | 'pt';
  /** Which part to read. */
  readonly split: 'all' | 'train' | 'heldout';
  /** Whether flags are among them, whose names are those of places. */
  readonly flags: boolean;
  /** Where the table of names lies, if not beside the package's code; relative to the page in a browser. */
  readonly captionsUrl: string;
  /** Where the artist's drawings lie, if not beside the package's code; relative to the page in a browser. */
  readonly drawingsUrl: string;
}

const image = { width: side, height: side, channels: 3 };

/**
 * 3,516 emoji (3,786 with flags) as pictures, `values` `[32 rows, 32 × 3]` on white, red, green and blue from 0 to 1, with their name as
 * `target` and their category as `label`. Twemoji and Noto Emoji drew the same ones: learn from one and be tested on the other. In the
 * split `heldout` are 375 combinations of an emoji and its skin tones; each such emoji and each tone is in `train` too. Sources and
 * licences: see `data/SOURCE.md`.
 */
export const emojiCaptions: Dataset<'emoji-captions', EmojiCaptionsOptions> = /* @__PURE__ */ defineDataset({
  name: 'emoji-captions',
  package: '@unrolled/dataset-emoji-captions',
  licence: 'Twemoji CC BY 4.0, Noto Emoji Apache-2.0, names Unicode-3.0: see data/SOURCE.md',
  options: /* @__PURE__ */ defineOptions<EmojiCaptionsOptions>({
    artist: /* @__PURE__ */ choice('twemoji', ['twemoji', 'noto'], 'Who drew them.'),
    language: /* @__PURE__ */ choice('en', ['en', 'pt'], 'The language of the captions.'),
    split: /* @__PURE__ */ choice('all', ['all', 'train', 'heldout'], 'Which part to read.'),
    flags: /* @__PURE__ */ flag(false, 'Whether flags are among them, whose names are those of places.'),
    captionsUrl: /* @__PURE__ */ text('', "Where the table of names lies, if not beside the package's code."),
    drawingsUrl: /* @__PURE__ */ text('', "Where the artist's drawings lie, if not beside the package's code."),
  }),
  examples: async function* (options): AsyncIterable<Example> {
    for await (const { pixels, category, split, origin, [options.language]: target } of selected(options))
      yield { values: onWhite(pixels), image, target, label: category, split, origin };
  },
});

/**
 * The examples with the options bound, for use without a registry; read anew each time they are iterated.
 * @throws UnrolledError `OPTION_INVALID`; while iterating `DATASET_UNREADABLE`, `DATASET_CORRUPT`
 */
export function emojiCaptionsDataset(options: Partial<EmojiCaptionsOptions> = {}): AsyncIterable<Example> {
  return bindDataset(emojiCaptions, options);
}

/** The emoji with all that is known of them, and the bytes of their drawings. @throws UnrolledError `OPTION_INVALID`, `DATASET_UNREADABLE`, `DATASET_CORRUPT` */
export async function emojiDrawings(
  options: Partial<Omit<EmojiCaptionsOptions, 'language'>> = {},
): Promise<EmojiDrawing[]> {
  const all: EmojiDrawing[] = [];
  for await (const one of selected(parseOptions(emojiCaptions.options, options, 'dataset "emoji-captions"')))
    all.push(one);
  return all;
}

async function* selected(options: EmojiCaptionsOptions): AsyncGenerator<EmojiDrawing> {
  const { artist, split, flags, captionsUrl, drawingsUrl } = options;
  for await (const one of readDrawings(artist, captionsUrl, drawingsUrl))
    if ((split === 'all' || split === one.split) && (flags || one.category !== 'Flags')) yield one;
}

/** Rows of red, green and blue, as the drawing looks on white. */
function onWhite(pixels: Uint8ClampedArray): number[][] {
  return Array.from({ length: side }, (_, row) => {
    const numbers: number[] = [];
    for (let at = row * side * 4; at < (row + 1) * side * 4; at += 4) {
      const opacity = (pixels[at + 3] as number) / 255;
      for (let channel = 0; channel < 3; channel++)
        numbers.push(1 - opacity + (opacity * (pixels[at + channel] as number)) / 255);
    }
    return numbers;
  });
}
