// The public face of @unrolled/dataset-emoji-captions.
export type { EmojiArtist, EmojiDrawing } from './drawings.ts';
export * from './emoji-captions.ts';
