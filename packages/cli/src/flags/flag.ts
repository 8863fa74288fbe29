// What a flag is, and how its text becomes a value.
import { nearest } from '@unrolled/core';
import { usageError } from '../usage.ts';

/** One flag of a command. */
export interface Flag {
  /** Without dashes, in kebab case. */
  readonly name: string;
  /** Placeholder of its value in help, e.g. `N`; without one the flag is yes or no. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly many?: boolean;
  /** One letter, for the few that have one. */
  readonly short?: string;
  /** One line for help. */
  readonly description: string;
}

/** Values of flags by name, as they were written; yes-or-no flags are booleans. */
export class FlagValues {
  private readonly given: ReadonlyMap<string, readonly (string | boolean)[]>;

  constructor(given: ReadonlyMap<string, readonly (string | boolean)[]>) {
    this.given = given;
  }

  /** The flags that were given. */
  names(): readonly string[] {
    return [...this.given.keys()];
  }

  /** Whether the flag was given at all. */
  has(name: string): boolean {
    return this.given.has(name);
  }

  /** A yes-or-no flag. */
  flag(name: string): boolean | undefined {
    return this.given.get(name)?.at(-1) as boolean | undefined;
  }

  /** A text. */
  text(name: string): string | undefined {
    return this.given.get(name)?.at(-1) as string | undefined;
  }

  /** Every text of a flag that may be repeated. */
  texts(name: string): readonly string[] {
    return (this.given.get(name) ?? []) as readonly string[];
  }

  /** A number. @throws UnrolledError `FLAG_INVALID` */
  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : parseNumber(name, text, false);
  }

  /** A number that passes `test`. @throws UnrolledError `FLAG_INVALID` */
  numberThat(name: string, expected: string, test: (value: number) => boolean): number | undefined {
    const value = this.number(name);
    if (value === undefined || test(value)) return value;
    throw invalid(name, expected, this.text(name) as string);
  }

  /** A whole number of at least `minimum`. @throws UnrolledError `FLAG_INVALID` */
  integer(name: string, minimum: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = parseNumber(name, text, true);
    if (value < minimum) throw invalid(name, `a whole number of at least ${minimum}`, text);
    return value;
  }

  /** One of a few words. @throws UnrolledError `FLAG_INVALID` */
  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined || choices.includes(text as T)) return text as T | undefined;
    throw invalid(name, `one of ${choices.join(', ')}`, text, nearest(text, choices));
  }
}

/** A number as a flag gives it. @throws UnrolledError `FLAG_INVALID` */
export function parseNumber(name: string, text: string, whole: boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value)))
    throw invalid(name, whole ? 'a whole number' : 'a number', text);
  return value;
}

/** An error about a flag's value. @param near - what was probably meant. */
export function invalid(name: string, expected: string, text: string, near?: string): Error {
  const message = `--${name} must be ${expected}, but ${JSON.stringify(text)} was given.`;
  const mend = near === undefined ? `Correct it, or leave --${name} out.` : `Did you mean --${name} ${near}?`;
  return usageError('FLAG_INVALID', message, mend);
}
