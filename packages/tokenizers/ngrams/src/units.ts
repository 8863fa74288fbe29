// The units that n-grams are made of.
import { type Token, wordReader } from '@unrolled/core';
import type { Units } from './combine.ts';
import type { NgramsOptions } from './options.ts';

/** Reads texts into the units that the options ask for. */
export function unitReader(options: NgramsOptions): (text: string) => Units {
  const { unit, overStopWords, lowercase } = options;
  if (unit === 'characters')
    return (text) => ({ runs: [charactersOf(text, 0, lowercase)], separator: '', shortAreWhole: false });
  if (unit === 'word-characters')
    return (text) => ({ runs: paddedWords(text, lowercase), separator: '', shortAreWhole: true });
  const { words, runs } = wordReader(options);
  const read = overStopWords ? (text: string) => [words(text)] : runs;
  return (text) => ({ runs: read(text), separator: ' ', shortAreWhole: false });
}

function charactersOf(text: string, offset: number, lowercase: boolean): Token[] {
  let end = offset;
  return Array.from(text, (character) => {
    const start = end;
    end += character.length;
    return { text: lowercase ? character.toLowerCase() : character, start, end };
  });
}

/** The characters of each word between white space, with a space of no width before and after. */
function paddedWords(text: string, lowercase: boolean): Token[][] {
  return Array.from(text.matchAll(/\S+/gu), ({ 0: word, index }) => {
    const end = index + word.length;
    const inside = charactersOf(word, index, lowercase);
    return [{ text: ' ', start: index, end: index }, ...inside, { text: ' ', start: end, end }];
  });
}
