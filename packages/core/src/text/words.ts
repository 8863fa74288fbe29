// Splits text into words in one pass over its UTF-16 units. What tokenizers of words and of word n-grams share.
import type { Token } from '../contracts/plugins.ts';
import { foldAccents } from './accents.ts';

/** How words are split. */
export interface WordSplitOptions {
  /** Lower-case the token's text; the span still points at the original. */
  readonly lowercase: boolean;
  /** `keep` makes a token of every other visible character (an emoji with its modifiers is one). */
  readonly punctuation: 'drop' | 'keep';
  /** Whether a hyphen inside a word ends it. */
  readonly splitHyphens: boolean;
  /** Whether an apostrophe inside a word ends it. */
  readonly splitApostrophes: boolean;
  /** `fold` takes accents off words, as {@link foldAccents} does; kept where left out. */
  readonly accents?: 'keep' | 'fold';
}

/**
 * Words of `text` with their spans in UTF-16 units of `text` itself. A word begins with a letter, a digit or `_` and
 * goes on through letters, digits, `_`, marks and joiners (Unicode Technical Standard 18, annex C), and through a single
 * hyphen (`-`, U+2010, U+2011) or apostrophe (`'`, `’`, `ʼ`) between two such characters unless the options split there.
 * A word's text is in Unicode form NFC, has `'` and `-` for those however they were typed, and no soft hyphens. Never throws:
 * lone surrogates and control characters are gaps between words.
 */
export function splitWords(text: string, options: WordSplitOptions): Token[] {
  const keep = options.punctuation === 'keep';
  const readWord = wordTexts(text, options);
  const readSymbol = keep ? symbolTexts(text, options) : readWord;
  const tokens: Token[] = [];
  let index = 0;
  while (index < text.length) {
    const found = classAt(text, index);
    const start = index;
    if (found === WORD) {
      index = wordEnd(text, start, options);
      tokens.push({ text: readWord(start, index), start, end: index });
    } else if (found === GAP || found === SOFT || !keep) index += widthAt(text, start);
    else {
      index = symbolEnd(text, start);
      tokens.push({ text: readSymbol(start, index), start, end: index });
    }
  }
  return tokens;
}

// Classes of characters; 0 marks a unit not yet looked up.
const GAP = 1;
const WORD = 2;
const CONTINUES = 3;
const APOSTROPHE = 4;
const HYPHEN = 5;
const SYMBOL = 6;
const PAIR = 7;
const SOFT = 8;

const SOFT_HYPHEN = '\u00ad';

/** Class of each UTF-16 unit, filled in as units are met; half of a surrogate pair is `PAIR`. */
const classes = /* @__PURE__ */ new Uint8Array(0x10000);

function classAt(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  const known = classes[unit] as number;
  if (known !== 0 && known !== PAIR) return known;
  if (known === PAIR || (unit >= 0xd800 && unit < 0xe000)) {
    classes[unit] = PAIR;
    return classify(text.codePointAt(index) as number);
  }
  const found = classify(unit);
  classes[unit] = found;
  return found;
}

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if ("'’ʼ".includes(character)) return APOSTROPHE;
  if ('-\u2010\u2011'.includes(character)) return HYPHEN;
  if (character === SOFT_HYPHEN) return SOFT;
  if (/[\p{L}\p{N}_]/u.test(character)) return WORD;
  if (/[\p{M}\p{Join_Control}]/u.test(character)) return CONTINUES;
  return /[\p{Z}\p{Cc}\p{Cf}\p{Cs}]/u.test(character) ? GAP : SYMBOL;
}

/** 2 where a surrogate pair stands, else 1. */
function widthAt(text: string, index: number): number {
  return (text.codePointAt(index) as number) > 0xffff ? 2 : 1;
}

function wordEnd(text: string, start: number, options: WordSplitOptions): number {
  let index = start;
  for (;;) {
    // Most units are already known: this one line is what nearly all the time is spent on.
    while (index < text.length && classes[text.charCodeAt(index)] === WORD) index += 1;
    const found = index < text.length ? classAt(text, index) : GAP;
    if (found === WORD || found === CONTINUES || found === SOFT) index += widthAt(text, index);
    else if (joins(found, options) && index + 1 < text.length && classAt(text, index + 1) === WORD) index += 1;
    else return index;
  }
}

function joins(found: number, options: WordSplitOptions): boolean {
  return found === HYPHEN ? !options.splitHyphens : found === APOSTROPHE && !options.splitApostrophes;
}

const zeroWidthJoiner = 0x200d;

/** End of one visible character: its marks, an emoji's skin tone, what a zero-width joiner ties to it, a flag's second letter. */
function symbolEnd(text: string, start: number): number {
  let index = start + widthAt(text, start);
  if (isFlagLetter(text, start) && isFlagLetter(text, index)) return index + 2;
  while (index < text.length) {
    const tied = text.charCodeAt(index - 1) === zeroWidthJoiner && classAt(text, index) === SYMBOL;
    if (!tied && classAt(text, index) !== CONTINUES && !isSkinTone(text, index)) break;
    index += widthAt(text, index);
  }
  return index;
}

function isFlagLetter(text: string, index: number): boolean {
  const codePoint = text.codePointAt(index) ?? 0;
  return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff;
}

function isSkinTone(text: string, index: number): boolean {
  const codePoint = text.codePointAt(index) ?? 0;
  return codePoint >= 0x1f3fb && codePoint <= 0x1f3ff;
}

/** Gives a token's text from its span. */
type Read = (start: number, end: number) => string;

/** What needs a closer look: `Σ` looks at its neighbours when lower-cased; apostrophes and hyphens are written in many ways. */
const unusual = /[Σ’ʼ\u2010\u2011\u00ad]/;

function symbolTexts(text: string, { lowercase }: WordSplitOptions): Read {
  return normalTexts(text, lowercase, unusual.test(text));
}

function wordTexts(text: string, { lowercase, accents }: WordSplitOptions): Read {
  const closer = unusual.test(text);
  const read = closer ? straightTexts(text, lowercase) : normalTexts(text, lowercase, false);
  return accents === 'fold' ? (start, end) => foldAccents(read(start, end)) : read;
}

/** Gives the same word however its apostrophes and hyphens were typed. */
function straightTexts(text: string, lowercase: boolean): Read {
  const straight = text.replace(/[’ʼ]/g, "'").replace(/[\u2010\u2011]/g, '-');
  const read = normalTexts(straight, lowercase, true);
  if (!straight.includes(SOFT_HYPHEN)) return read;
  return (start, end) => read(start, end).replaceAll(SOFT_HYPHEN, '').normalize('NFC');
}

/**
 * Texts in form NFC: cut from a copy normalised at once where that moves nothing, else token by token. Both give the same:
 * tokens begin and end where Unicode normalisation never joins characters. `İ` grows when lower-cased and `Σ` looks at its
 * neighbours, so they take the second way.
 */
function normalTexts(text: string, lowercase: boolean, closer: boolean): Read {
  const lowered = lowercase ? text.toLowerCase() : text;
  const aligned = lowered.length === text.length && !(closer && lowercase && text.includes('Σ'));
  if (aligned && lowered.normalize('NFC') === lowered) return (start, end) => lowered.slice(start, end);
  return (start, end) => {
    const slice = text.slice(start, end);
    return (lowercase ? slice.toLowerCase() : slice).normalize('NFC');
  };
}
