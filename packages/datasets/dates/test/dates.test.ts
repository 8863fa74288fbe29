// Dates against this engine's Intl and Date; that texts never contradict each other; and that the same seed gives the same.

import { collectExamples, type Example, sha256 } from '@unrolled/core';
import { type DatesOptions, datesDataset } from '@unrolled/dataset-dates';
import { describe, expect, test } from 'vitest';
import { type Locale, localeFormats } from '../src/formats.ts';
import { dayAfter1900, isoOf, tells, writeDay } from '../src/write.ts';
import { formatsOfIntl } from './formats-of-intl.ts';

const read = (options: Partial<DatesOptions> = {}) => collectExamples(datesDataset(options));
const locales = Object.keys(localeFormats) as readonly Locale[];
const formats = locales.flatMap((locale) => localeFormats[locale].patterns.map((pattern) => ({ locale, pattern })));
/** Whether this engine's Intl is of the version that the formats were taken from. */
const sameVersion = process.versions.cldr?.startsWith('48.') ?? false;

describe('formats', () => {
  test.each(locales)('of %s: names and patterns are those of this Intl', (locale) => {
    const [ours, theirs] = [localeFormats[locale], formatsOfIntl(locale)];
    if (sameVersion) expect(ours).toEqual(theirs);
    // Other versions of CLDR put a comma elsewhere or shorten another month; the rest must be alike.
    const found = (list: 'months' | 'weekdays' | 'patterns') =>
      ours[list].filter((item) => theirs[list].includes(item)).length / ours[list].length;
    expect([found('months'), found('weekdays')]).toEqual([1, 1]);
    expect(found('patterns')).toBeGreaterThan(0.5);
  });

  test('a text is what Intl writes, for every day of a leap year', () => {
    for (const [locale, dateStyle, pattern] of [
      ['en-US', 'full', 'EEEE, MMMM d, y'],
      ['en-US', 'medium', 'MMM d, y'],
      ['pt-BR', 'full', "EEEE, d 'de' MMMM 'de' y"],
      ['pt-BR', 'short', 'dd/MM/y'],
      ['pt-PT', 'long', "d 'de' MMMM 'de' y"],
      ['en-GB', 'long', 'd MMMM y'],
    ] as const) {
      expect(localeFormats[locale].patterns).toContain(pattern);
      const writer = new Intl.DateTimeFormat(locale, { dateStyle, timeZone: 'UTC' });
      for (let day = 0; day < 366; day++) {
        const date = new Date(Date.UTC(2024, 0, 1 + day));
        const since = (date.getTime() - Date.UTC(1900, 0, 1)) / 86_400_000;
        const written = writeDay(dayAfter1900(since), { locale, pattern });
        if (sameVersion || locale !== 'pt-BR') expect(written).toBe(writer.format(date));
        expect(isoOf(dayAfter1900(since))).toBe(date.toISOString().slice(0, 10));
      }
    }
  });

  test('no two dates of a year are written alike where the text is taken to tell, and all are where it is not', () => {
    const meant = new Map<string, string>();
    const doubtful: { readonly text: string; readonly iso: string }[] = [];
    const first = (Date.UTC(2021, 0, 1) - Date.UTC(1900, 0, 1)) / 86_400_000;
    for (let since = first; since < first + 365; since++) {
      const day = dayAfter1900(since);
      expect(day.year).toBe(2021);
      for (const format of formats) {
        const [text, iso] = [writeDay(day, format), isoOf(day)];
        if (!tells(day, format)) {
          doubtful.push({ text, iso });
          continue;
        }
        expect(meant.get(text) ?? iso).toBe(iso);
        meant.set(text, iso);
      }
    }
    // Every text that was left out and has no weekday can be read as another date.
    const plain = doubtful.filter(({ text }) => /^\d/.test(text));
    const readings = new Map<string, Set<string>>();
    for (const { text, iso } of plain) readings.set(text, (readings.get(text) ?? new Set()).add(iso));
    const padded = [...readings].filter(([text]) => /^\d\d\/\d\d\//.test(text));
    expect(padded.length).toBe(132);
    for (const [, isos] of padded) expect(isos.size).toBe(2);
  });
});

describe('examples', () => {
  test('say by their target what they were made of, in every format', async () => {
    const examples = await read();
    const seen = new Set<string>();
    for (const { text, target = '', origin = '' } of examples) {
      const [, locale = '', pattern = ''] = /\((.{5}), (.*)\)$/.exec(origin) ?? [];
      seen.add(`${locale} ${pattern}`);
      const since = (Date.parse(`${target}T00:00:00Z`) - Date.UTC(1900, 0, 1)) / 86_400_000;
      expect(writeDay(dayAfter1900(since), { locale: locale as Locale, pattern })).toBe(text);
    }
    expect(seen.size).toBe(formats.length);
    const locale = (example: Example) => /\((.{5}),/.exec(example.origin ?? '')?.[1];
    for (const one of locales)
      expect(Math.abs(examples.filter((example) => locale(example) === one).length / 11_000 - 0.25)).toBeLessThan(0.02);
  });

  test('10,000 to learn from, 1,000 held out, no date in both, no text with two meanings', async () => {
    const examples = await read();
    const [train, heldout] = ['train', 'heldout'].map((split) => examples.filter((example) => example.split === split));
    expect([train?.length, heldout?.length]).toEqual([10_000, 1000]);
    const learned = new Set(train?.map(({ target }) => target));
    expect([learned.size, new Set(heldout?.map(({ target }) => target)).size]).toEqual([10_000, 1000]);
    expect(heldout?.filter(({ target }) => learned.has(target))).toEqual([]);
    const meant = new Map<string | undefined, string | undefined>();
    for (const { text, target } of examples) {
      expect(meant.get(text) ?? target).toBe(target);
      meant.set(text, target);
    }
    const years = new Set(examples.map(({ target = '' }) => target.slice(0, 4)));
    expect([years.size, [...years].sort()[0], [...years].sort().at(-1)]).toEqual([200, '1900', '2099']);
  });

  test('with more examples than days each day comes again; none leaves its split', async () => {
    const [train, heldout] = [await read({ train: 70_000, heldout: 0 }), await read({ train: 0, heldout: 8000 })];
    const [learned, held] = [train, heldout].map((part) => new Set(part.map(({ target }) => target)));
    expect([learned?.size, held?.size]).toEqual([65_744, 7305]);
    expect([...(held ?? [])].filter((target) => learned?.has(target))).toEqual([]);
  });

  test('are the same for a seed, to the bit', async () => {
    const examples = await read({ train: 100, heldout: 20 });
    expect(examples.slice(100)).toEqual(await read({ train: 5, heldout: 20, split: 'heldout' }));
    expect(sha256(JSON.stringify(examples))).toBe('911183e796b81e423e41d07d053dee3cc22abda147fef49942f3900315d8f1af');
    expect(await read({ train: 5, seed: 2, split: 'train' })).not.toEqual(examples.slice(0, 5));
  });
});
