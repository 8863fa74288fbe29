// Byte-level BPE beside @huggingface/tokenizers: text to numbers.
import type { SubwordsGiven } from '../subword-works.ts';
import { comparedTable, seconds } from './compared.ts';
import { compete, type Part, type Result } from './part.ts';

const contenders = [
  { name: 'Unrolled', by: 'unrolled' },
  { name: 'Unrolled, with places', by: 'places' },
  { name: '@huggingface/tokenizers', by: 'huggingface' },
] as const;

/** Each corpus, line by line and whole; then training on all of it. */
export const subwords: Part = async (settings, show) => {
  const all: { readonly given: Omit<SubwordsGiven, 'by'>; readonly results: readonly Result[] }[] = [];
  for (const corpus of ['Shakespeare', 'State of the Union'] as const) {
    for (const texts of ['lines', 'one text'] as const) {
      const given = { corpus, texts };
      const entries = contenders.map(({ name, by }) => ({ name, work: 'subwords', given: { ...given, by } }));
      const results = await compete(entries, settings);
      show(
        comparedTable(`Byte-level BPE, 8,000 tokens, numbers of one megabyte of ${corpus}, ${texts}`, results, {
          further: [{ name: 'MB/s', of: (median) => 1000 / median }],
        }),
      );
      all.push({ given, results });
    }
    const given = { corpus, texts: 'one text' } as const;
    const results = await compete(
      [{ name: 'Unrolled', work: 'subwords', given: { ...given, by: 'training' } }],
      settings,
    );
    show(comparedTable(`Byte-level BPE, 8,000 tokens learned from ${corpus}`, results, { unit: seconds }));
    all.push({ given, results });
  }
  return all;
};
