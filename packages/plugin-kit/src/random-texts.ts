// Random texts that tokenizers stumble over, the same for the same seed.
import { type DrawPosition, drawUniform24 } from '@unrolled/core';

/** Kinds of pieces; each is met as often. A range stands for all its code points, surrogates on their own too. */
const kinds: readonly (readonly string[] | readonly [from: number, to: number])[] = [
  [0x61, 0x7a],
  [0x20, 0x7e],
  [...' \t\n\0\x7f\u00a0\u2028\u3000\ufeff', '\r\n', '  '],
  [..."'’ʼ-\u2010\u2011\u00ad_.,;!?«»“”…"],
  [...'áéãçñåßøŁİıĲΣσςΐΆфйёїÅﬁǅ'],
  [0x300, 0x36f],
  [...'\u0327\u0345\u05b0\u064b\u093c\u0e31\u3099\u20e3\ufe0f\u{1d165}'],
  [0xd800, 0xdfff],
  ['👍🏽', '👩‍👩‍👧‍👦', '🇵🇹', '🇵', '\u200d', '🏽', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  [0x5d0, 0x5ea],
  [0x627, 0x64a],
  [...'\u200c\u200e\u200f\u202a\u202c\u202e\u2066\u2069\u200b'],
  [0x4e00, 0x4fff],
  [0xac00, 0xd7a3],
  [0x1100, 0x11ff],
  [0x904, 0x94d],
  [0xe01, 0xe4e],
  [0x0, 0x10ffff],
];

/** Pieces in the longest of the texts. */
const mostPieces = 24;

/**
 * `count` random texts, from none to some 24 characters long: letters of many scripts, marks, emoji with joiners, flags, text
 * written right to left, line ends, NUL, halves of surrogate pairs, and any code point at all. Text `index` depends on `seed`
 * and `index` alone.
 */
export function* randomTexts(count: number, seed = 1): Generator<string> {
  for (let index = 0; index < count; index++) {
    const position: DrawPosition = { seed, purpose: 'sample', example: index };
    const pieces = below(position, 0, mostPieces + 1);
    let text = '';
    for (let piece = 0; piece < pieces; piece++) {
      const kind = kinds[below(position, 1 + 2 * piece, kinds.length)] as (typeof kinds)[number];
      text += pieceOf(kind, (size) => below(position, 2 + 2 * piece, size));
    }
    yield text;
  }
}

function pieceOf(kind: (typeof kinds)[number], draw: (size: number) => number): string {
  const [from, to] = kind;
  if (typeof from === 'number') return String.fromCodePoint(from + draw((to as number) - from + 1));
  return kind[draw(kind.length)] as string;
}

function below(position: DrawPosition, unit: number, size: number): number {
  return Math.floor(drawUniform24(position, unit) * size);
}
