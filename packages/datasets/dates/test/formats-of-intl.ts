// The ways in which Intl.DateTimeFormat writes a date whose text tells the whole date, as CLDR patterns: what src/formats.ts holds.
import type { LocaleFormats } from '../src/formats.ts';

const dayOf = (month: number, day: number): Date => new Date(Date.UTC(2021, month - 1, day));
const months = Array.from({ length: 12 }, (_, month) => dayOf(month + 1, 5));
/** 2021-08-01 is a Sunday. */
const weekdays = Array.from({ length: 7 }, (_, weekday) => dayOf(8, weekday + 1));

/** Styles, and every choice of weekday, month and day with the year in full: a year of two digits does not tell its century. */
const choices: readonly Intl.DateTimeFormatOptions[] = [
  ...(['full', 'long', 'medium', 'short'] as const).map((dateStyle) => ({ dateStyle })),
  ...([undefined, 'long', 'short'] as const).flatMap((weekday) =>
    (['numeric', '2-digit', 'long', 'short'] as const).flatMap((month) =>
      (['numeric', '2-digit'] as const).map((day) => ({
        year: 'numeric' as const,
        month,
        day,
        ...(weekday && { weekday }),
      })),
    ),
  ),
];

/** The formats of a locale in this engine. */
export function formatsOfIntl(locale: string): LocaleFormats {
  const writer = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  // Names as they stand within a date: with a day for months, which some languages inflect there.
  const names = (style: 'long' | 'short') => ({
    months: months.map((date) => partOf(writer({ month: style, day: 'numeric', year: 'numeric' }), date, 'month')),
    weekdays: weekdays.map((date) =>
      partOf(writer({ weekday: style, month: 'long', day: 'numeric', year: 'numeric' }), date, 'weekday'),
    ),
  });
  const [long, short] = [names('long'), names('short')];
  const patterns = new Set(choices.map((options) => patternOf(writer(options), long.months, long.weekdays)));
  const used = [...patterns].filter((pattern) => /(?<!y)y(?!y)/.test(pattern)).sort();
  const hasShortMonths = used.some((pattern) => /(?<!M)MMM(?!M)/.test(pattern));
  return {
    months: long.months,
    shortMonths: hasShortMonths ? short.months : [],
    weekdays: long.weekdays,
    shortWeekdays: short.weekdays,
    patterns: used,
  };
}

function partOf(writer: Intl.DateTimeFormat, date: Date, type: Intl.DateTimeFormatPartTypes): string {
  return writer.formatToParts(date).find((part) => part.type === type)?.value ?? '';
}

/** September 6, 2021, a Monday (whose long and short names differ everywhere), in letters of Unicode's technical standard 35. */
function patternOf(
  writer: Intl.DateTimeFormat,
  longMonths: readonly string[],
  longWeekdays: readonly string[],
): string {
  return writer
    .formatToParts(dayOf(9, 6))
    .map(({ type, value }) => {
      if (type === 'literal') return value.replace(/\p{L}+/gu, "'$&'");
      if (type === 'day') return 'd'.repeat(value.length);
      if (type === 'year') return value === '2021' ? 'y' : 'yy';
      if (type === 'weekday') return value === longWeekdays[1] ? 'EEEE' : 'EEE';
      if (type !== 'month') throw new Error(`${type} is no part of a date`);
      if (/^\d+$/.test(value)) return 'M'.repeat(value.length);
      return value === longMonths[8] ? 'MMMM' : 'MMM';
    })
    .join('');
}
