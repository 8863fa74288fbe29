// Stems of every language against Snowball's own, and what stemming leaves alone.

import { createRegistry, isUnrolledError } from '@unrolled/core';
import { stemCases } from '@unrolled/goldens';
import { type Language, stemmers, stems, stemsTokenizer, stemsWith } from '@unrolled/tokenizer-stems';
import { describe, expect, test } from 'vitest';

const texts = (text: string, options?: Parameters<typeof stemsTokenizer>[0]) =>
  stemsTokenizer(options)
    .tokenize(text)
    .map((token) => token.text);

test('the goldens hold every language', () => {
  expect(stemCases().map(({ name }) => name)).toEqual(Object.keys(stemmers).sort());
});

describe.each(stemCases())('$name', ({ name, stems: golden }) => {
  test('stems as the Snowball project does', () => {
    const found = Object.keys(golden).map((word) => [word, stemmers[name as Language](word)]);
    expect(Object.fromEntries(found)).toEqual(golden);
  });
});

test('English and Portuguese, with spans of the words', () => {
  expect(stemsTokenizer().tokenize('The CONNECTIONS, connected')).toEqual([
    { text: 'the', start: 0, end: 3 },
    { text: 'connect', start: 4, end: 15 },
    { text: 'connect', start: 17, end: 26 },
  ]);
  expect(texts('Meninas e meninos, caminhávamos', { language: 'portuguese' })).toEqual([
    'menin',
    'e',
    'menin',
    'caminh',
  ]);
});

test('stop words leave before they are stems; accents leave after', () => {
  expect(texts('Os gatos são gatos', { language: 'portuguese', stopWords: ['os', 'são'] })).toEqual(['gat', 'gat']);
  expect(texts('gat gatos', { language: 'portuguese', stopWords: ['gatos'] })).toEqual(['gat']);
  const nations = { language: 'portuguese', accents: 'fold' } as const;
  expect(texts('português água', nations)).toEqual(['portugues', 'agu']);
  expect(texts('São', { ...nations, stopWords: ['sao'] })).toEqual([]);
});

test('Romanian with commas below and with cedillas is the same', () => {
  expect(texts('aceștia', { language: 'romanian' })).toEqual(texts('aceştia', { language: 'romanian' }));
});

test('what is no word stays as it is', () => {
  const long = 'running'.repeat(20);
  expect(texts(`${long} 123 !`, { punctuation: 'keep' })).toEqual([long, '123', '!']);
  expect(texts("d'", { language: 'irish', punctuation: 'keep' })).toEqual(['d', "'"]);
});

test('a single word of 400,000 characters', () => {
  for (const language of Object.keys(stemmers) as Language[])
    expect(texts('ings'.repeat(100_000), { language })[0]).toHaveLength(4e5);
});

test('more words than are remembered', () => {
  const { tokenize } = stemsTokenizer();
  const words = Array.from({ length: 150_000 }, (_, i) => `walk${i}a`);
  const found = tokenize(words.map((word) => `${word}ings`).join(' '));
  expect(found.filter(({ text }, i) => text !== words[i])).toHaveLength(0);
});

test('a few languages alone, or a stemmer of one’s own, by the same name', () => {
  const small = stemsWith({ portuguese: stemmers.portuguese, first: (word) => word.slice(0, 1) });
  expect(small.options.defaults.language).toBe('portuguese');
  expect(
    small
      .create({ ...small.options.defaults, language: 'first' })
      .tokenize('Os gatos')
      .map(({ text }) => text),
  ).toEqual(['o', 'g']);
  expect(createRegistry([small]).find('tokenizer', 'stems')).toBe(small);
});

test('another language is refused with those that there are', () => {
  try {
    stemsTokenizer({ language: 'klingon' as Language });
    expect.unreachable();
  } catch (error) {
    expect(isUnrolledError(error, 'OPTION_INVALID')).toBe(true);
    expect((error as Error).message).toMatch(/one of english, arabic, .* turkish, but "klingon" was given/);
  }
  expect(stems.options.defaults.language).toBe('english');
});
