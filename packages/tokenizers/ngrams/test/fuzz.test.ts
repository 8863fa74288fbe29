// 100,000 random texts: n-grams lie inside the text; of a tenth of them, they are every choice of units that the options allow.

import type { Token } from '@unrolled/core';
import { randomTexts } from '@unrolled/plugin-kit';
import { type NgramsOptions, ngramsTokenizer } from '@unrolled/tokenizer-ngrams';
import { expect, test } from 'vitest';

const texts = [...randomTexts(100_000)];
const some = texts.slice(0, texts.length / 10);

/** Every choice of `size` places whose last is at most `size - 1 + skip` after the first, by trying all. */
function choices(length: number, size: number, skip: number, chosen: readonly number[] = []): number[][] {
  if (chosen.length === size) return [[...chosen]];
  const [first, last] = [chosen[0] ?? 0, chosen.at(-1) ?? -1];
  const end = chosen.length === 0 ? length : Math.min(length, first + size + skip);
  const found: number[][] = [];
  for (let place = last + 1; place < end; place++) found.push(...choices(length, size, skip, [...chosen, place]));
  return found;
}

function expected(units: readonly Token[], { from, to, skip, order }: Options, separator: string): Token[] {
  const all: number[][] = [];
  for (let size = from; size <= to; size++) all.push(...choices(units.length, size, skip));
  if (order === 'position') all.sort((a, b) => (a[0] as number) - (b[0] as number) || a.length - b.length);
  return all.map((places) => ({
    text: places.map((place) => units[place]?.text).join(separator),
    start: units[places[0] as number]?.start as number,
    end: units[places.at(-1) as number]?.end as number,
  }));
}

type Options = Pick<NgramsOptions, 'unit' | 'from' | 'to' | 'skip' | 'order'>;

const variants: readonly Options[] = [
  { unit: 'words', from: 1, to: 3, skip: 0, order: 'size' },
  { unit: 'words', from: 2, to: 3, skip: 2, order: 'position' },
  { unit: 'characters', from: 1, to: 2, skip: 1, order: 'size' },
  { unit: 'characters', from: 3, to: 5, skip: 0, order: 'position' },
];

test('every text has n-grams that are not empty and lie inside it', () => {
  const tokenizers = [...variants, { unit: 'word-characters', from: 1, to: 3 } as const].map(ngramsTokenizer);
  for (const [index, text] of texts.entries())
    for (const token of tokenizers[index % tokenizers.length]?.tokenize(text) ?? []) {
      const { start, end } = token;
      const holds = token.text !== '' && 0 <= start && start < end && end <= text.length;
      if (!holds) expect.fail(`${JSON.stringify(text)} gave ${JSON.stringify(token)}`);
    }
});

test('n-grams of words and characters', () => {
  const tokenizers = variants.map((options) => ({
    options,
    separator: options.unit === 'words' ? ' ' : '',
    unitsOf: ngramsTokenizer({ unit: options.unit, to: 1 }).tokenize,
    ngramsOf: ngramsTokenizer(options).tokenize,
  }));
  let found = 0;
  for (const [index, text] of some.entries()) {
    const { options, separator, unitsOf, ngramsOf } = tokenizers[index % 4] as (typeof tokenizers)[number];
    const ngrams = ngramsOf(text);
    const wanted = expected(unitsOf(text), options, separator);
    if (JSON.stringify(ngrams) !== JSON.stringify(wanted)) expect(ngrams, JSON.stringify(text)).toEqual(wanted);
    found += ngrams.length;
  }
  expect(found).toBeGreaterThan(some.length);
});

test('characters inside words: those of the text with a space put beside each word', () => {
  const inside = ngramsTokenizer({ unit: 'word-characters', from: 3, to: 4 }).tokenize;
  for (const text of some) {
    const wanted = Array.from(text.split(/\s+/u))
      .filter((word) => word !== '')
      .flatMap((word) => {
        const padded = [' ', ...Array.from(word, (character) => character.toLowerCase()), ' '];
        const windows = [3, 4].flatMap((size) =>
          Array.from({ length: Math.max(0, padded.length - size + 1) }, (_, start) =>
            padded.slice(start, start + size).join(''),
          ),
        );
        return windows.length > 0 ? windows : [padded.join('')];
      });
    const ngrams = inside(text);
    if (
      ngrams
        .map((token) => token.text)
        .sort()
        .join('\0') !== wanted.sort().join('\0')
    )
      expect(ngrams, JSON.stringify(text)).toEqual(wanted);
  }
});
