// How BLEU cuts a segment into tokens: the tokenizers of sacreBLEU that need no data.
import { splitWords, trimEnd } from './white-space.ts';

type Rewrite = readonly [pattern: RegExp, replacement: string];

/** mteval-v13a.pl's, for languages of the West: ASCII punctuation apart, `.` and `,` outside numbers, `-` after digits. */
const western: readonly Rewrite[] = [
  [/([{-~[-` -&(-+:-@/])/gu, ' $1 '],
  [/([^0-9])([.,])/gu, '$1 $2 '],
  [/([.,])([^0-9])/gu, ' $1 $2'],
  [/([0-9])(-)/gu, '$1 $2 '],
];

/** mteval-v14.pl's: every script's punctuation outside numbers, and symbols, apart. */
const international: readonly Rewrite[] = [
  [/(\P{N})(\p{P})/gu, '$1 $2 '],
  [/(\p{P})(\P{N})/gu, ' $1 $2'],
  [/(\p{S})/gu, ' $1 '],
];

/** A tokenizer by sacreBLEU's name. */
export type BleuTokenizer = '13a' | 'intl' | 'char' | 'none';

const tokenizers: Readonly<Record<BleuTokenizer, (segment: string) => string[]>> = {
  '13a': (segment) => splitWords(rewrite(` ${plain(segment)} `, western)),
  intl: (segment) => splitWords(rewrite(segment, international)),
  char: (segment) => splitWords(Array.from(segment).join(' ')),
  none: splitWords,
};

/** Every tokenizer's name, the default's first. */
export const bleuTokenizers = Object.keys(tokenizers) as readonly BleuTokenizer[];

/** Tokens of one segment. */
export function tokenize(segment: string, tokenizer: BleuTokenizer): string[] {
  return tokenizers[tokenizer](trimEnd(segment));
}

function rewrite(segment: string, rewrites: readonly Rewrite[]): string {
  return rewrites.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), segment);
}

/** Marks of skipped segments, line ends and the four entities of SGML. */
function plain(segment: string): string {
  return segment
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}
