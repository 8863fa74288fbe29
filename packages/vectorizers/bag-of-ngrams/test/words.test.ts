// Words are read without a string for each, but are those of core's splitWords, for every text.
import { splitWords } from '@unrolled/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWords } from '../src/read-words.ts';

const options = { punctuation: 'drop', splitHyphens: false, splitApostrophes: false } as const;

function wordsOf(text: string, lowercase: boolean): readonly string[] {
  const words: string[] = [];
  const unit = (units: Uint16Array, length: number): void => {
    words.push(String.fromCharCode(...units.subarray(0, length)));
  };
  readWords(text, lowercase, { unit, endRun: () => {} });
  return words;
}

function agree(text: string): void {
  for (const lowercase of [true, false])
    expect(wordsOf(text, lowercase)).toEqual(splitWords(text, { ...options, lowercase }).map((token) => token.text));
}

describe('the words of splitWords', () => {
  test.each([
    "don't stop - rock-’n’-roll -- 'quoted' d'água guarda-chuva- -a a--b a-'b",
    'ΟΔΥΣΣΕΥΣ İstanbul straße ǅ ﬁn',
    'e\u0301a\u0300 नमस्ते กำลัง 각 \u1112\u1161\u11ab 日本語',
    'co\u00adoperate a\u00ad-b soft\u00ad zero\u200djoin a\u200b b\ufeffc',
    '\ud800 a\udc00b 👍🏽x 𝒳y-𝒴',
    'a-\u0301b a’\u0301 x=\u0338y',
    '',
  ])('of %j', agree);

  test('of every text', () => {
    const pieces = [
      'a',
      'B',
      'é',
      'Σ',
      'İ',
      '-',
      "'",
      '’',
      '\u2011',
      '\u00ad',
      '\u0301',
      '\u200d',
      ' ',
      '\n',
      '.',
      '\u1100',
      '\u1161',
      '日',
      '𝒳',
      '\ud800',
      '_',
      '9',
      '½',
      '\u0e33',
    ];
    const text = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(fc.property(text, agree), { numRuns: 1000 });
  });

  test('of every UTF-16 unit, alone and between letters', () => {
    for (let block = 0; block < 0x10000; block += 256) {
      const characters = Array.from({ length: 256 }, (_, unit) => String.fromCharCode(block + unit));
      agree(characters.map((one) => `${one} x${one}y ${one}${one}z`).join(' '));
    }
  });
});
