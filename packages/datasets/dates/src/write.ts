// Writes a date by a pattern, and says whether the text then tells which date it is.
import { type Locale, localeFormats } from './formats.ts';

/** A way of writing dates. */
export interface Format {
  /** Whose. */
  readonly locale: Locale;
  /** In letters of Unicode's technical standard 35. */
  readonly pattern: string;
}

/** A day of the Gregorian calendar. */
export interface Day {
  /** 1900 to 2099. */
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** From 1. */
  readonly day: number;
  /** From 0, Sunday. */
  readonly weekday: number;
}

/** The day so many days after 1 January 1900. */
export function dayAfter1900(days: number): Day {
  const date = new Date(Date.UTC(1900, 0, 1 + days));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
}

/** As ISO 8601 writes it: `2024-02-29`. */
export function isoOf({ year, month, day }: Day): string {
  return `${year}-${padded(month)}-${padded(day)}`;
}

/** As the format writes it. */
export function writeDay({ year, month, day, weekday }: Day, { locale, pattern }: Format): string {
  const { months, shortMonths, weekdays, shortWeekdays } = localeFormats[locale];
  const written: Readonly<Record<string, string | undefined>> = {
    y: `${year}`,
    M: `${month}`,
    MM: padded(month),
    MMM: shortMonths[month - 1],
    MMMM: months[month - 1],
    d: `${day}`,
    dd: padded(day),
    EEE: shortWeekdays[weekday],
    EEEE: weekdays[weekday],
  };
  return pattern.replace(
    /'([^']*)'|y|M+|d+|E+/g,
    (field: string, quoted?: string) => quoted ?? (written[field] as string),
  );
}

/**
 * Whether the text tells the date. In 03/04/2020 it may be the month that comes first, as in the United States, or the day, as
 * elsewhere; 25/12/2020 tells, and so does a weekday in Portuguese, where the day always comes first.
 */
export function tells({ month, day }: Day, { locale, pattern }: Format): boolean {
  const inDigits = /(?<!M)MM?(?!M)/.test(pattern);
  const inPortuguese = locale.startsWith('pt') && pattern.includes('E');
  return !inDigits || inPortuguese || day > 12 || day === month;
}

const padded = (value: number): string => `${value}`.padStart(2, '0');
