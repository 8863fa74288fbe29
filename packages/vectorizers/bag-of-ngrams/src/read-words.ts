// Reads the words of a text as core's `splitWords` does, in one pass over its UTF-16 units and without a string for each word.
// What a character is to `splitWords` is learned by asking it, so that there is one rule. Where a character depends on its
// neighbours (marks, surrogates, soft hyphens), `splitWords` itself reads on to the next gap.
import { splitWords, type WordSplitOptions } from '@unrolled/core';
import { grown } from './grow.ts';
import type { UnitSink } from './unit-sink.ts';
import { HASH_FACTOR, HASH_START, nextBuffer, spell, type Units } from './word-table.ts';

// What a UTF-16 unit does; 0 marks one that nobody has asked about yet.
const GAP = 1;
const WORD = 2;
const JOINER = 3;
const OTHER = 4;

/** What every unit does, and how it is written in a word; filled in as units are met. */
interface Alphabet {
  readonly options: WordSplitOptions;
  readonly classes: Uint8Array;
  readonly written: Uint16Array;
}

const alphabets = /* @__PURE__ */ new Map<boolean, Alphabet>();

let buffer: Units = /* @__PURE__ */ new Uint16Array(1 << 10);

/** Hands every word of `text` to `sink`: those of the tokenizer of words with its defaults. */
export function readWords(text: string, lowercase: boolean, sink: UnitSink): void {
  const alphabet = alphabetOf(lowercase);
  const { classes, written } = alphabet;
  let units = buffer;
  let start = 0;
  let length = 0;
  let hash = HASH_START;
  for (let at = 0; at < text.length; at++) {
    let unit = text.charCodeAt(at);
    const found = (classes[unit] as number) || classify(unit, alphabet);
    if (found !== WORD) {
      const next = found === JOINER && length > 0 ? classAt(text, at + 1, alphabet) : GAP;
      if (found === OTHER || next === OTHER) {
        at = readCarefully(text, length > 0 ? start : at, alphabet, sink) - 1;
        length = 0;
        hash = HASH_START;
        continue;
      }
      if (next !== WORD) {
        if (length > 0) sink.unit(units, length, hash);
        length = 0;
        hash = HASH_START;
        continue;
      }
    }
    if (length === 0) start = at;
    else if (length === units.length) {
      units = grown(units, length + 1);
      buffer = nextBuffer(units, buffer);
    }
    unit = written[unit] as number;
    units[length++] = unit;
    hash = Math.imul(hash ^ unit, HASH_FACTOR);
  }
  if (length > 0) sink.unit(units, length, hash);
  sink.endRun();
}

/** Lets `splitWords` read from `start` to the next gap. @returns where that is. */
function readCarefully(text: string, start: number, alphabet: Alphabet, sink: UnitSink): number {
  let end = start;
  while (end < text.length && classAt(text, end, alphabet) !== GAP) end++;
  for (const token of splitWords(text.slice(start, end), alphabet.options)) {
    const { units, hash } = spell(token.text, buffer);
    buffer = nextBuffer(units, buffer);
    sink.unit(units, token.text.length, hash);
  }
  return end;
}

function alphabetOf(lowercase: boolean): Alphabet {
  const known = alphabets.get(lowercase);
  if (known) return known;
  const options: WordSplitOptions = { lowercase, punctuation: 'drop', splitHyphens: false, splitApostrophes: false };
  const made = { options, classes: new Uint8Array(0x10000), written: new Uint16Array(0x10000) };
  alphabets.set(lowercase, made);
  return made;
}

function classAt(text: string, at: number, alphabet: Alphabet): number {
  if (at >= text.length) return GAP;
  const unit = text.charCodeAt(at);
  return (alphabet.classes[unit] as number) || classify(unit, alphabet);
}

function classify(unit: number, { options, classes, written }: Alphabet): number {
  const [found, as] = ask(unit, options);
  classes[unit] = found;
  written[unit] = as;
  return found;
}

/** The class of a unit, and how it is written in a word. */
function ask(unit: number, options: WordSplitOptions): readonly [number, number] {
  if (dependsOnNeighbours(unit)) return [OTHER, 0];
  const character = String.fromCharCode(unit);
  const wordsOf = (text: string): readonly string[] => splitWords(text, options).map((token) => token.text);
  const alone = wordsOf(character);
  if (alone.length === 1) return alone[0]?.length === 1 ? [WORD, alone[0].charCodeAt(0)] : [OTHER, 0];
  const between = wordsOf(`a${character}a`);
  if (between.length === 2) return [between.join('') === 'aa' ? GAP : OTHER, 0];
  const joins = between[0]?.length === 3 && wordsOf(`a${character}${character}a`).length === 2;
  return joins && wordsOf(`a${character}`)[0] === 'a' ? [JOINER, (between[0] as string).charCodeAt(1)] : [OTHER, 0];
}

/** Halves of pairs; Σ, whose small letter differs at the end of a word; Hangul letters that normalisation joins. */
function dependsOnNeighbours(unit: number): boolean {
  return (
    (unit >= 0xd800 && unit < 0xe000) ||
    unit === 0x3a3 ||
    (unit >= 0x1100 && unit < 0x1200) ||
    (unit >= 0xa960 && unit < 0xa980) ||
    (unit >= 0xd7b0 && unit < 0xd800)
  );
}
