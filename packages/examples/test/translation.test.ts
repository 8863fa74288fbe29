// Translations by networks that hardly learned, beside a memory of translations that is looked up anew here.
import { translationEnPtPairs } from '@unrolled/dataset-translation-en-pt';
import { corpusBleu, corpusChrf } from '@unrolled/text-metrics';
import { describe, expect, it } from 'vitest';
import { limited } from '../src/example.ts';
import { translation } from '../src/translation.ts';
import { runQuickly } from './support.ts';

type Scores = Readonly<Record<string, Readonly<Record<'bleu' | 'chrf', number>>>>;

const limit = 50;

describe('the example "translation"', () => {
  it('measures both directions beside the nearest text, greedy and with a beam, and shows where it looked', async () => {
    const { report, lines, notes } = await runQuickly(translation, limit);
    const measures = report.measures as unknown as Readonly<Record<'en-pt' | 'pt-en', Scores>>;
    const ways = (attention: string) => [`${attention}, greedy`, `${attention}, beam of 5`];
    expect(Object.keys(measures['en-pt'])).toEqual(['memory', ...['none', 'additive', 'multiplicative'].flatMap(ways)]);
    expect(Object.keys(measures['pt-en'])).toEqual(['memory', ...ways('multiplicative')]);
    for (const scores of [...Object.values(measures['en-pt']), ...Object.values(measures['pt-en'])])
      for (const score of Object.values(scores)) expect(score).toBeLessThanOrEqual(100);
    expect(measures['en-pt'].memory).toEqual(await scoreMemory('en', 'pt'));
    expect(measures['pt-en'].memory).toEqual(await scoreMemory('pt', 'en'));
    expect(lines.some((line) => line.startsWith(`English → Portuguese, ${limit} texts`))).toBe(true);
    expect(lines.some((line) => line.startsWith('∎ '))).toBe(true);
    expect(notes).toHaveLength(4);
  });
});

/** The nearest text by all trigrams, each pair of texts compared by itself. */
async function scoreMemory(from: 'en' | 'pt', to: 'en' | 'pt') {
  const context = { seed: 1, limit, print: () => {}, note: () => {} };
  const train = limited(await translationEnPtPairs({ split: 'train' }), context);
  const test = limited(await translationEnPtPairs({ split: 'test' }), context);
  const trigrams = (text: string): string[] => {
    const padded = [...` ${text.toLowerCase()} `];
    return padded.slice(2).map((_, start) => padded.slice(start, start + 3).join(''));
  };
  const likeness = (a: string, b: string): number => {
    const left = trigrams(b);
    const both = trigrams(a).filter((piece) => {
      const found = left.indexOf(piece);
      if (found >= 0) left.splice(found, 1);
      return found >= 0;
    });
    return (2 * both.length) / (trigrams(a).length + trigrams(b).length);
  };
  const found = test.map((one) => {
    const scores = train.map((other) => likeness(one[from], other[from]));
    return train[scores.indexOf(Math.max(...scores))]?.[to] as string;
  });
  const references = test.map((one) => one[to]);
  return {
    bleu: corpusBleu(found, references, { lowercase: true }).score,
    chrf: corpusChrf(found, references, { lowercase: true }).score,
  };
}
